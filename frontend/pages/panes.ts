// On a phone one pane of the inbox shows at a time: `data-show="case"` on a link or button turns to it.

export function watchPanes(): void {
  document.addEventListener("click", (event) => {
    const turner = (event.target as Element).closest<HTMLElement>("[data-show]");
    const panes = turner?.closest<HTMLElement>(".panes");
    if (!turner?.dataset.show || !panes) return;
    panes.dataset.showing = turner.dataset.show;
    panes.scrollTop = 0;
  });
}
