// `<button data-dialog="some-id">` opens `<dialog id="some-id">`; a click beside it closes it. A part
// with `data-fresh` holds at each opening what it held at first: what was loaded for another number
// is not seen while the next is on its way.

const first = new WeakMap<Element, string>();

export function watchDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) openDialog(opener.dataset.dialog ?? "");
    else if (target instanceof HTMLDialogElement) target.close();
  });
}

export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  for (const part of dialog.querySelectorAll("[data-fresh]")) renew(part);
  dialog.dispatchEvent(new CustomEvent("dialog:opening", { bubbles: true }));
  dialog.showModal();
}

function renew(part: Element): void {
  const held = first.get(part) ?? part.innerHTML;
  first.set(part, held);
  part.innerHTML = held;
}
