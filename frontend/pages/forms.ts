// Small conveniences of forms:
// `<form data-autosubmit>` is sent when one of its fields changes (filter sentences), and says again
// what the page shows when somebody comes back to it;
// `<button data-copy="text">` copies a text and says so;
// a `<details class="part-form">` that opens puts the cursor into its first field, one with a mail into
// its text;
// a form which was sent cannot be sent twice by a double click.

export function watchForms(): void {
  document.addEventListener("change", (event) => {
    (event.target as Element).closest<HTMLFormElement>("form[data-autosubmit]")?.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (button) void copy(button);
  });
  document.addEventListener("toggle", focusFirstField, { capture: true });
  document.addEventListener("submit", preventSecondSubmit);
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
    // Whoever goes back would find here what was chosen to leave the page, beside other figures.
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosubmit]")) form.reset();
  });
}

/** `toggle` does not bubble, hence the capture. A form that came open is left alone. */
function focusFirstField(event: Event): void {
  const part = event.target as HTMLDetailsElement;
  if (!part.open || part.querySelector(".field-wrong")) return;
  if (part.matches(".part-form, .step-add")) part.querySelector<HTMLElement>("input:not([type=hidden]), select")?.focus();
  else if (part.matches(".step-mail")) part.querySelector<HTMLElement>("textarea")?.focus();
}

function preventSecondSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sent" in form.dataset) event.preventDefault();
  else form.dataset.sent = "";
}

async function copy(button: HTMLElement): Promise<void> {
  const before = button.textContent;
  let outcome = "Copied";
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
  } catch {
    outcome = "Copying is blocked here; select the text instead";
  }
  button.setAttribute("aria-live", "polite");
  button.textContent = outcome;
  setTimeout(() => (button.textContent = before), 2000);
}
