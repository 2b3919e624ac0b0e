// The theme switch: `<fieldset data-theme-switch>` with radios auto, light, dark.
import { forget, recall, remember } from "./storage";

const KEY = "afterscore-theme";

export function watchThemeSwitch(): void {
  const current = recall(KEY) ?? "auto";
  for (const radio of document.querySelectorAll<HTMLInputElement>("[data-theme-switch] input")) {
    radio.checked = radio.value === current;
    radio.addEventListener("change", () => apply(radio.value));
  }
}

function apply(choice: string): void {
  if (choice === "auto") {
    forget(KEY);
    delete document.documentElement.dataset.bsTheme;
  } else {
    remember(KEY, choice);
    document.documentElement.dataset.bsTheme = choice;
  }
}
