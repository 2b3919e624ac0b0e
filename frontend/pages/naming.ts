// `<textarea data-people='["Ana Costa"]'>`: after `@` the names that fit are offered; arrows choose,
// Enter or Tab takes, Escape closes. Typing on is never in the way: what one types is what stands.

const LIST = "naming-list";
const MOST = 6;

let field: HTMLTextAreaElement | null = null;
let offered: string[] = [];
let chosen = 0;

export function watchNaming(): void {
  document.addEventListener("input", (event) => offer(event.target));
  document.addEventListener("keydown", choose, { capture: true });
  document.addEventListener("focusout", () => setTimeout(leave, 150));
}

/** The list stays while its field has the focus, also where that has only just come from elsewhere. */
function leave(): void {
  if (document.activeElement !== field) close();
}

function offer(target: EventTarget | null): void {
  if (!(target instanceof HTMLTextAreaElement) || !target.dataset.people) return;
  field = target;
  const begun = begunName(target);
  const people = JSON.parse(target.dataset.people) as string[];
  offered = begun === null ? [] : people.filter((name) => fits(name, begun)).slice(0, MOST);
  chosen = 0;
  show();
}

/** What stands between the last `@` and the caret, if that may still become a name. */
function begunName(area: HTMLTextAreaElement): string | null {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[^\w@.])@([^@\n]{0,40})$/u.exec(before);
  return found ? (found[1] ?? "") : null;
}

function fits(name: string, begun: string): boolean {
  const wanted = begun.toLocaleLowerCase();
  const words = name.toLocaleLowerCase();
  return words !== wanted && (words.startsWith(wanted) || words.split(" ").some((word) => word.startsWith(wanted)));
}

function choose(event: KeyboardEvent): void {
  if (!offered.length || event.target !== field || event.ctrlKey || event.metaKey) return;
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step) chosen = (chosen + step + offered.length) % offered.length;
  else if (event.key === "Enter" || event.key === "Tab") take(offered[chosen] ?? "");
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
  show();
}

function take(name: string): void {
  if (!field) return;
  const caret = field.selectionStart;
  const start = field.value.lastIndexOf("@", caret - 1);
  field.setRangeText(`@${name} `, start, caret, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(): void {
  offered = [];
  show();
}

function show(): void {
  document.getElementById(LIST)?.remove();
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
  if (!field || !offered.length) return;
  const list = document.createElement("ul");
  list.id = LIST;
  list.className = "naming";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Colleagues");
  list.append(...offered.map(option));
  field.insertAdjacentElement("afterend", list);
  field.setAttribute("aria-controls", LIST);
  field.setAttribute("aria-activedescendant", `${LIST}-${chosen}`);
}

function option(name: string, place: number): HTMLElement {
  const item = document.createElement("li");
  item.id = `${LIST}-${place}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(place === chosen));
  item.textContent = name;
  item.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(name);
  });
  return item;
}
