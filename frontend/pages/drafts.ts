// Nothing typed or chosen is lost on a reload: `<textarea data-draft="reply-case_x">` is kept in this
// browser until the server has taken it.
import { forget, recall, remember } from "./storage";

type Field = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;
type Answered = { requestConfig: { elt: Element; verb: string }; xhr: XMLHttpRequest };

const PREFIX = "afterscore-draft:";
const SENT = "afterscore-sent";

export function watchDrafts(): void {
  forgetSent();
  restore(document);
  document.addEventListener("htmx:load", (event) => restore(event.target as Element));
  document.addEventListener("input", (event) => {
    const field = event.target as Field;
    if (field.dataset.draft) save(field);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) markSent(event.target as HTMLFormElement);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // The event itself may name another element: the form is gone when its page part was replaced.
    const { requestConfig, xhr } = (event as CustomEvent<Answered>).detail;
    const isTaken = requestConfig.verb !== "get" && xhr.status >= 200 && xhr.status < 400;
    if (isTaken) for (const field of fieldsOf(requestConfig.elt)) forget(PREFIX + field.dataset.draft);
  });
}

function fieldsOf(root: ParentNode): NodeListOf<Field> {
  return root.querySelectorAll("[data-draft]");
}

function save(field: Field): void {
  const key = PREFIX + field.dataset.draft;
  if (field.value) remember(key, field.value);
  else forget(key);
}

function restore(root: ParentNode): void {
  for (const field of fieldsOf(root)) {
    const draft = recall(PREFIX + field.dataset.draft);
    if (!draft) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === draft;
    else if (isUntouched(field)) field.value = draft;
  }
}

/** What the server says after a refusal counts more than what this browser remembers. */
function isUntouched(field: Field): boolean {
  if (!(field instanceof HTMLSelectElement)) return field.value === field.defaultValue;
  return [...field.options].every((option) => option.selected === option.defaultSelected);
}

/** A form sent by the browser itself: whether it arrived is known on the page that follows. */
function markSent(form: HTMLFormElement): void {
  const keys = [...fieldsOf(form)].map((field) => PREFIX + field.dataset.draft);
  if (keys.length) remember(SENT, JSON.stringify(keys));
}

function forgetSent(): void {
  const keys = JSON.parse(recall(SENT) ?? "[]") as string[];
  for (const key of keys) forget(key);
  forget(SENT);
}
