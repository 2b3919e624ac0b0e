// The survey page works without this. With it, a picked score is saved at once, the comment prompt
// answers to the score, and nothing typed is lost when the line drops.
//
// Nothing is ever sent on load: mail scanners run scripts. A score is saved only after a person's own
// gesture. (`change` alone does not tell: a script's `click()` brings a trusted one.) A number that was
// tapped in the mail is told of as looked at, which is no answer yet: see `tellOfOpening`.

import { conduct, inView, isDriven, onFirstGesture } from "./conduct";

interface Survey {
  form: HTMLFormElement;
  comment: HTMLTextAreaElement | null;
  status: HTMLElement | null;
  draftKey: string;
  saving: AbortController;
}

const LONGEST_PAUSE = 30_000;
const SETTLING = 400;
// Who walks along the scale with the arrow keys passes numbers she does not mean.
const WALKING = 1_500;
const GESTURE_LASTS = 1_000;
// A page that is looked at for so long was opened by somebody; a first gesture says it sooner, unless
// it is the tap or the Send that says more.
const LOOKED_AT = 5_000;
const SAYING_MORE = 2_000;

function start(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-survey]");
  if (!form) return;
  const survey: Survey = {
    form,
    comment: form.querySelector("textarea[data-draft]"),
    status: form.querySelector("[data-status]"),
    draftKey: `afterscore-survey:${form.dataset.survey || location.pathname}`,
    saving: new AbortController(),
  };
  keepDraft(survey);
  followScore(survey);
  sendInPlace(survey);
  tellOfOpening(survey);
}

function say(survey: Survey, text: "saving" | "saved" | "retry" | "refused" | ""): void {
  if (!survey.status) return;
  const sentence = text && (survey.form.getAttribute(`data-text-${text}`) ?? "");
  survey.status.textContent = sentence.replace("{score}", scoreOf(survey.form) ?? "");
}

function scoreOf(form: HTMLFormElement): string | undefined {
  return form.querySelector<HTMLInputElement>("[data-scale] input:checked")?.value;
}

// The comment

function keepDraft({ comment, draftKey }: Survey): void {
  if (!comment) return;
  comment.value = draft(draftKey) || comment.value;
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

/** With a score picked, what comes after it is asked on the same page. */
function askForMore(form: HTMLFormElement): void {
  const after = form.querySelector<HTMLFieldSetElement>("[data-after]");
  if (after) after.hidden = after.disabled = false;
  form.querySelector("[data-before]")?.remove();
}

/** Notes the seconds from the page to the first pick; to Send, when a mail's link had picked. */
function noteTime(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("[data-seconds]");
  if (field && !field.value) field.value = (performance.now() / 1000).toFixed(2);
}

// The number tapped in the mail

function tellOfOpening(survey: Survey): void {
  const { form } = survey;
  const address = form.dataset.autosave;
  if (form.dataset.byLink === undefined || !address || isDriven) return;
  const picked = scoreOf(form);
  let isTold = false;
  const tell = (): void => {
    const saidMore = form.dataset.picked !== undefined || form.dataset.sent !== undefined;
    if (isTold || saidMore || !form.isConnected) return;
    if (inView() < LOOKED_AT && isTimer) return later();
    isTold = true;
    void post(address, survey, true, { means: "opened", score: picked ?? "" });
  };
  let isTimer = true;
  const later = (): void => void setTimeout(tell, Math.max(LOOKED_AT - inView(), 250));
  later();
  onFirstGesture(() =>
    setTimeout(() => {
      isTimer = false;
      tell();
    }, SAYING_MORE),
  );
}

// The score

function followScore(survey: Survey): void {
  const picked = scoreOf(survey.form);
  if (picked) promptFor(survey, Number(picked));
  const autosave = makeAutosave(survey);
  let gestureAt = -Infinity;
  let settling = SETTLING;
  for (const kind of ["pointerdown", "keydown", "click"]) {
    survey.form.addEventListener(kind, (event) => {
      if (!event.isTrusted) return;
      gestureAt = event.timeStamp;
      if (kind !== "click") settling = kind === "keydown" ? WALKING : SETTLING;
    });
  }
  survey.form.addEventListener("change", (event) => {
    const target = event.target as HTMLInputElement;
    if (!target.closest("[data-scale]")) return;
    promptFor(survey, Number(target.value));
    noteTime(survey.form);
    askForMore(survey.form);
    survey.form.dataset.picked = "";
    if (event.isTrusted && event.timeStamp - gestureAt < GESTURE_LASTS) autosave(settling);
  });
}

/** Returns a function that saves the score; one request at a time, so the last pick wins. */
function makeAutosave(survey: Survey): (settling: number) => void {
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
    const outcome = await post(address, survey, true);
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
  return (settling) => {
    say(survey, "saving");
    later(settling);
  };
}

/**
 * Posts the form, in the background for an answer in JSON; what is under way there is called off by
 * Send. Busy and broken servers count as unreachable, for they may recover.
 */
async function post(
  address: string,
  survey: Survey,
  inBackground: boolean,
  more: Record<string, string> = {},
): Promise<Response | "unreachable"> {
  try {
    const field = survey.form.querySelector<HTMLInputElement>("[data-conduct]");
    if (field) field.value = conduct();
    const body = new URLSearchParams(new FormData(survey.form) as unknown as Record<string, string>);
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    const headers = { Accept: inBackground ? "application/json" : "text/html" };
    const signal = inBackground ? survey.saving.signal : null;
    const response = await fetch(address, { method: "POST", body, headers, signal, keepalive: true, credentials: "omit" });
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
  survey.form.dataset.sent = "";
  survey.saving.abort();
  survey.form.querySelector("button")?.setAttribute("aria-disabled", "true");
  noteTime(survey.form);
  say(survey, "saving");
  const outcome = await post(survey.form.action, survey, false);
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
