// Shortcuts. An element announces its own: `data-key="r" data-key-label="Reply"`; pressing the key
// clicks it, or focuses it where it is a field. `data-key="g i"` is a sequence. In `[data-list]`,
// j and k move among `[data-list-item]`. `?` lists what the page offers; the list can switch all off.
import { openDialog } from "./dialogs";
import { forget, recall, remember } from "./storage";

const OFF = "afterscore-keys-off";
const SEQUENCE_PAUSE = 1200;

let firstKey = "";
let firstKeyAt = 0;

export function watchKeyboard(): void {
  document.addEventListener("keydown", handleKey);
  document.addEventListener("dialog:opening", listShortcuts);
  const toggle = document.querySelector<HTMLInputElement>("[data-keys-enabled]");
  if (!toggle) return;
  toggle.checked = isEnabled();
  toggle.addEventListener("change", () => (toggle.checked ? forget(OFF) : remember(OFF, "yes")));
}

function isEnabled(): boolean {
  return recall(OFF) === null;
}

function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !isEnabled()) return;
  const target = event.target as HTMLElement;
  if (isTyping(target)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const sequence = event.timeStamp - firstKeyAt < SEQUENCE_PAUSE ? `${firstKey} ${event.key}` : "";
  if (press(sequence) || press(event.key) || moveInList(event.key) || showHelp(event.key)) {
    event.preventDefault();
    firstKey = "";
    return;
  }
  firstKey = event.key;
  firstKeyAt = event.timeStamp;
}

function isTyping(target: HTMLElement): boolean {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

function press(key: string): boolean {
  if (!key) return false;
  const owner = [...document.querySelectorAll<HTMLElement>("[data-key]")].find(
    (element) => element.dataset.key === key && isReachable(element),
  );
  if (!owner) return false;
  if (owner.matches("input, textarea, select")) owner.focus();
  else owner.click();
  return true;
}

/** Links of a closed phone menu still answer: they are hidden by size, not by sense. So do the
 * further acts of a case behind "More". */
function isReachable(element: HTMLElement): boolean {
  if (element.matches(".desk-nav a")) return true;
  return (element.closest(".acts-more") ?? element).checkVisibility();
}

function moveInList(key: string): boolean {
  const step = key === "j" ? 1 : key === "k" ? -1 : 0;
  const items = [...document.querySelectorAll<HTMLElement>("[data-list] [data-list-item]")];
  if (!step || !items.length) return false;
  const focused = items.findIndex((item) => item === document.activeElement);
  const current = focused >= 0 ? focused : items.findIndex((item) => item.hasAttribute("aria-current"));
  const next = items[Math.min(Math.max(current + step, 0), items.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function showHelp(key: string): boolean {
  if (key !== "?") return false;
  openDialog("keyboard-help");
  return true;
}

function listShortcuts(event: Event): void {
  const list = (event.target as Element).querySelector("[data-key-list]");
  if (!list) return;
  const shortcuts = new Map<string, string>();
  if (document.querySelector("[data-list]")) {
    shortcuts.set("j", "Next in the list");
    shortcuts.set("k", "Previous in the list");
    shortcuts.set("Enter", "Open");
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-key][data-key-label]")) {
    if (isReachable(element)) shortcuts.set(element.dataset.key ?? "", element.dataset.keyLabel ?? "");
  }
  shortcuts.set("?", "Show this list");
  list.replaceChildren(...[...shortcuts].flatMap(([keys, label]) => describe(keys, label)));
}

function describe(keys: string, label: string): HTMLElement[] {
  const term = document.createElement("dt");
  for (const key of keys.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap, " ");
  }
  const meaning = document.createElement("dd");
  meaning.textContent = label;
  return [term, meaning];
}
