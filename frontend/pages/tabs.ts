// A row of tabs that is wider than the screen begins where the open one is seen.

export function watchTabs(): void {
  for (const open of document.querySelectorAll<HTMLElement>(".tabs [aria-current]")) {
    const row = open.closest<HTMLElement>(".tabs");
    if (row) row.scrollLeft += open.getBoundingClientRect().right - row.getBoundingClientRect().right + 48;
  }
}
