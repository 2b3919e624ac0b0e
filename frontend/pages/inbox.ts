// The inbox: the forms of a case behind one key each, the next case after closing one, and a list
// that stays true by itself. The list of keys, drafts and the turning of panes are the desk's own.
import htmx from "htmx.org";

const NOTICE_STAYS = 8_000;

let wantedAct = "";

export function watchInbox(): void {
  if (!document.querySelector("[data-inbox]")) return;
  document.addEventListener("keydown", openFocusedRowFirst, { capture: true });
  document.addEventListener("keydown", sendByKeyboard);
  document.addEventListener("click", (event) => {
    const choice = (event.target as Element).closest<HTMLElement>("[data-act]");
    if (choice && event.target instanceof HTMLInputElement) focusAct(choice.dataset.act ?? "");
  });
  document.addEventListener("click", turnBack);
  document.addEventListener("htmx:configRequest", nameNextCase);
  document.addEventListener("htmx:beforeRequest", pauseWhileHidden);
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("htmx:afterRequest", afterRequest);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refreshList();
  });
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#inbox-rows [data-case]")];
}

function openCase(): string {
  return document.querySelector<HTMLElement>("#pane-case")?.dataset.case ?? "";
}

/** A key pressed on a row that is not the open case means that row: open it, then act. */
function openFocusedRowFirst(event: KeyboardEvent): void {
  const row = document.activeElement;
  if (event.ctrlKey || event.metaKey || event.altKey || !(row instanceof HTMLElement)) return;
  if (!row.matches("[data-list-item]") || row.dataset.case === openCase()) return;
  const choice = document.querySelector<HTMLElement>(`[data-act][data-key="${CSS.escape(event.key)}"]`);
  if (!choice) return;
  event.preventDefault();
  wantedAct = choice.dataset.act ?? "";
  row.click();
}

function sendByKeyboard(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  (event.target as Element).closest<HTMLFormElement>(".act form")?.requestSubmit();
}

/** In this order: what is wrong, what is chosen already, where one writes, where one picks; else the
 * button, so that the focus leaves the menu which the form was chosen from, and that closes. */
const WORTH_FOCUS = [
  ".field-wrong :is(textarea, input, select)",
  "[type=radio]:checked",
  "textarea",
  "select",
  "input:not([type=hidden])",
  "[type=submit]",
];

function focusAct(name: string): void {
  const form = document.querySelector(`.act-${CSS.escape(name)} form`);
  const field = WORTH_FOCUS.map((selector) => form?.querySelector<HTMLElement>(selector)).find(Boolean);
  field?.focus();
  form?.querySelector(".field-wrong")?.scrollIntoView({ block: "nearest" });
}

/** Whoever closes a case sees the next one of the list. */
function nameNextCase(event: Event): void {
  const { verb, parameters } = (event as CustomEvent<{ verb: string; parameters: Record<string, string> }>).detail;
  if (verb !== "post") return;
  const names = rows().map((row) => row.dataset.case ?? "");
  const place = names.indexOf(openCase());
  parameters.next = names[place + 1] ?? names[place - 1] ?? "";
}

/** On a phone the list is still there, where one left it: no need to load it anew. */
function turnBack(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a.pane-back[data-show]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState({ htmx: true }, "", link.href);
}

function pauseWhileHidden(event: Event): void {
  const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
  if (elt.id === "inbox-rows" && document.hidden) event.preventDefault();
}

function afterSwap(event: Event): void {
  markOpenRow();
  if ((event.target as Element).id !== "pane-case") return;
  const panes = document.querySelector<HTMLElement>(".panes");
  if (panes) panes.dataset.showing = "case";
  const act = document.querySelector<HTMLElement>("#pane-case .field-wrong, #pane-case .message-error");
  const isRefused = act?.closest(".act");
  if (isRefused) focusAct(checkedAct());
  else if (wantedAct) chooseAct(wantedAct);
  else document.getElementById("case-title")?.focus({ preventScroll: true });
  wantedAct = "";
}

function checkedAct(): string {
  return document.querySelector<HTMLInputElement>('[name="act"]:checked')?.value ?? "";
}

function chooseAct(name: string): void {
  document.querySelector<HTMLElement>(`[data-act="${CSS.escape(name)}"]`)?.click();
  focusAct(name);
}

function markOpenRow(): void {
  const name = openCase();
  for (const row of rows()) {
    if (row.dataset.case === name) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function afterRequest(event: Event): void {
  const { requestConfig, xhr } = (
    event as CustomEvent<{ requestConfig: { verb: string }; xhr: XMLHttpRequest }>
  ).detail;
  if (requestConfig.verb !== "post" || xhr.status >= 400) return;
  refreshList();
  const notice = document.querySelector("#messages .message-success");
  setTimeout(() => notice?.remove(), NOTICE_STAYS);
}

function refreshList(): void {
  const list = document.getElementById("inbox-rows");
  if (list) htmx.trigger(list, "refresh");
}
