// `<button data-dialog="some-id">` opens `<dialog id="some-id">`; a click beside it closes it.

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
  dialog.dispatchEvent(new CustomEvent("dialog:opening", { bubbles: true }));
  dialog.showModal();
}
