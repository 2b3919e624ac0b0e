// The survey page works without this. With it, a picked score is saved at once, the comment prompt
// answers to the score, and nothing typed is lost when the line drops.
//
// Nothing is ever sent on load: mail scanners run scripts. A score is saved only after a person's own
// gesture. (`change` alone does not tell: a script's `click()` brings a trusted one.)

interface Survey {
  form: HTMLFormElement;
  comment: HTMLTextAreaElement | null;
  status: HTMLElement | null;
  draftKey: string;
}

const LONGEST_PAUSE = 30_000;
const SETTLING = 400;
const GESTURE_LASTS = 1_000;

function start(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-survey]");
  if (!form) return;
  const survey: Survey = {
    form,
    comment: form.querySelector("textarea[data-draft]"),
    status: form.querySelector("[data-status]"),
    draftKey: `afterscore-survey:${form.dataset.survey || location.pathname}`,
  };
  keepDraft(survey);
  followScore(survey);
  sendInPlace(survey);
}

function say(survey: Survey, text: "saving" | "saved" | "retry" | "refused" | ""): void {
  if (survey.status) survey.status.textContent = text && (survey.form.getAttribute(`data-text-${text}`) ?? "");
}

// The comment

function keepDraft({ comment, draftKey }: Survey): void {
  if (!comment) return;
  if (!comment.value) comment.value = draft(draftKey);
  comment.addEventListener("input", () => draft(draftKey, comment.value));
}

/** Reads the draft, or writes it; an empty text removes it. Private windows may refuse: then none. */
function draft(key: string, text?: string): string {
  try {
    if (text === undefined) return localStorage.getItem(key) ?? "";
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    return "";
  }
  return text;
}

function promptFor(survey: Survey, score: number): void {
  const groups = JSON.parse(survey.form.dataset.groups ?? "[]") as string[];
  const prompt = survey.form.getAttribute(`data-prompt-${groups[score]}`);
  const label = survey.form.querySelector("[data-prompt]");
  if (prompt && label) label.textContent = prompt;
}

// The score

function followScore(survey: Survey): void {
  const picked = survey.form.querySelector<HTMLInputElement>("[data-scale] input:checked");
  if (picked) promptFor(survey, Number(picked.value));
  const autosave = makeAutosave(survey);
  let gestureAt = -Infinity;
  for (const kind of ["pointerdown", "keydown", "click"]) {
    survey.form.addEventListener(kind, (event) => {
      if (event.isTrusted) gestureAt = event.timeStamp;
    });
  }
  survey.form.addEventListener("change", (event) => {
    const target = event.target as HTMLInputElement;
    if (!target.closest("[data-scale]")) return;
    promptFor(survey, Number(target.value));
    if (event.isTrusted && event.timeStamp - gestureAt < GESTURE_LASTS) autosave();
  });
}

/** Returns a function that saves the form as it is; one request at a time, so the last pick wins. */
function makeAutosave(survey: Survey): () => void {
  const address = survey.form.dataset.autosave;
  let timer = 0;
  let isBusy = false;
  let isStale = false;
  let pause = 1000;

  function later(wait: number): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), wait);
  }

  async function save(): Promise<void> {
    timer = 0;
    if (!address || survey.form.dataset.sent !== undefined) return;
    if (isBusy) {
      isStale = true;
      return;
    }
    isBusy = true;
    isStale = false;
    const outcome = await post(address, survey.form);
    isBusy = false;
    if (survey.form.dataset.sent !== undefined) return;
    if (isStale) return later(0);
    if (outcome === "unreachable") {
      say(survey, "retry");
      later(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      return;
    }
    pause = 1000;
    say(survey, outcome.ok ? "saved" : "refused");
  }

  window.addEventListener("online", () => timer && later(0));
  window.addEventListener("pagehide", () => timer && void save());
  return () => {
    say(survey, "saving");
    later(SETTLING);
  };
}

/** Posts the form; busy and broken servers count as unreachable, for they may recover. */
async function post(address: string, form: HTMLFormElement): Promise<Response | "unreachable"> {
  try {
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    const response = await fetch(address, { method: "POST", body, keepalive: true, credentials: "same-origin" });
    return response.status >= 500 || response.status === 429 ? "unreachable" : response;
  } catch {
    return "unreachable";
  }
}

// Sending

function sendInPlace(survey: Survey): void {
  survey.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (survey.form.dataset.sent === undefined) void send(survey, 1000);
  });
}

async function send(survey: Survey, pause: number): Promise<void> {
  const button = survey.form.querySelector("button");
  survey.form.dataset.sent = "";
  button?.setAttribute("aria-disabled", "true");
  say(survey, "saving");
  const outcome = await post(survey.form.action, survey.form);
  if (outcome === "unreachable") {
    say(survey, "retry");
    setTimeout(() => void send(survey, Math.min(pause * 2, LONGEST_PAUSE)), pause);
    return;
  }
  if (outcome.ok) draft(survey.draftKey, "");
  show(await outcome.text(), outcome.url);
}

/** Puts the answer's page in the place of this one: the thank-you, or the form with its errors. */
function show(page: string, address: string): void {
  const next = new DOMParser().parseFromString(page, "text/html");
  const main = next.querySelector("main");
  if (!main) return location.assign(address);
  document.title = next.title;
  document.querySelector("main")?.replaceWith(main);
  history.replaceState(null, "", address);
  window.scrollTo(0, 0);
  main.focus();
  start();
}

start();
