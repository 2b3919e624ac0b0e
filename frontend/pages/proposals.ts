// `<input type="radio" data-proposes='{"reminders": 0}'>`: choosing it fills in the fields of the
// same form by these names, but only those that still hold what the choice before it proposed.
// What somebody has changed by hand stays as it is.

type Proposals = Record<string, string | number>;

const chosen = new WeakMap<HTMLFormElement, Proposals>();

export function watchProposals(): void {
  document.addEventListener("focusin", (event) => remember((event.target as HTMLElement).closest("form")));
  document.addEventListener("change", (event) => {
    const choice = event.target as HTMLInputElement;
    if (choice.form && choice.dataset.proposes) propose(choice.form, read(choice));
  });
}

function remember(form: HTMLFormElement | null): void {
  if (!form || chosen.has(form)) return;
  const choice = form.querySelector<HTMLInputElement>("[data-proposes]:checked");
  if (choice) chosen.set(form, read(choice));
}

function read(choice: HTMLInputElement): Proposals {
  return JSON.parse(choice.dataset.proposes ?? "{}") as Proposals;
}

function propose(form: HTMLFormElement, proposals: Proposals): void {
  const before = chosen.get(form) ?? {};
  for (const [name, value] of Object.entries(proposals)) {
    const field = form.elements.namedItem(name) as HTMLInputElement | RadioNodeList | null;
    if (field && field.value === String(before[name])) field.value = String(value);
  }
  chosen.set(form, proposals);
}
