// Choosing several cases: `x` or the box on a row, Shift+click for all between, Escape for none.
// What is chosen outlives the list's own updates; the bar below does one thing to all of them.

const BOX = ".inbox-pick";

let lastPicked: HTMLInputElement | null = null;
let kept: string[] = [];

export function watchPicking(): void {
  if (!document.querySelector("[data-inbox]")) return;
  document.addEventListener("change", (event) => {
    if ((event.target as Element).matches(BOX)) tell();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-pick-current]")) pickCurrent();
    else pickBetween(event);
  });
  document.addEventListener("keydown", pickByKey);
  document.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("htmx:beforeSwap", () => (kept = chosen().map((box) => box.value)));
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.target as Element;
    if (target.id === "inbox-rows") restore();
    if (target.matches(".inbox-filters")) target.querySelector<HTMLElement>("select")?.focus();
    tell();
  });
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(BOX)];
}

function chosen(): HTMLInputElement[] {
  return boxes().filter((box) => box.checked);
}

function restore(): void {
  for (const box of boxes()) box.checked = kept.includes(box.value);
}

function tell(): void {
  const number = chosen().length;
  const place = document.querySelector("[data-picked]");
  if (place) place.textContent = number ? `${number} chosen` : "";
}

function pickBetween(event: MouseEvent): void {
  const box = (event.target as Element).closest<HTMLInputElement>(BOX);
  if (!box) return;
  const all = boxes();
  const [from, to] = [all.indexOf(lastPicked ?? box), all.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey) for (const between of all.slice(from, (to ?? 0) + 1)) between.checked = box.checked;
  lastPicked = box;
  tell();
}

function pickByKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  if (target.matches("textarea, select, input:not(.inbox-pick)") || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && chosen().length && !document.querySelector("details[data-menu][open]")) {
    for (const box of chosen()) box.checked = false;
    tell();
  }
}

/** The box of the row one stands on, else of the open case. */
function pickCurrent(): void {
  const row = (document.activeElement as Element | null)?.closest(".inbox-item");
  const place = row ?? document.querySelector('.inbox-row[aria-current="true"]')?.closest(".inbox-item");
  const box = place?.querySelector<HTMLInputElement>(BOX);
  if (!box) return;
  box.checked = !box.checked;
  lastPicked = box;
  tell();
}
