// How the page is used, in six words for the server, which tells people from programs by them:
// what was pressed first, when, for how long, after how many movements, and whether the browser says
// that a program drives it. Scripts cannot bring trusted events; nothing about a person is kept.

type Gesture = "mouse" | "touch" | "key" | "aid" | "none";

let shownAt = -1;
let shownFor = 0;
let gesture: Gesture = "none";
let reach = 0;
let press = -1;
let moves = 0;
const downAt = new Map<string, number>();
const atFirstGesture: (() => void)[] = [];

const isShown = (): boolean => document.visibilityState === "visible";

function noteShown(): void {
  if (isShown() && shownAt < 0) shownAt = performance.now();
  else if (!isShown() && shownAt >= 0) {
    shownFor += performance.now() - shownAt;
    shownAt = -1;
  }
}

/** Milliseconds for which the page has been in view. */
export function inView(): number {
  return Math.round(shownFor + (shownAt < 0 ? 0 : performance.now() - shownAt));
}

function begin(kind: Gesture): void {
  if (gesture !== "none") return;
  gesture = kind;
  reach = inView();
  for (const tell of atFirstGesture.splice(0)) tell();
}

function down(key: string, kind: Gesture, at: number): void {
  if (!downAt.has(key)) downAt.set(key, at);
  begin(kind);
}

function up(key: string, at: number): void {
  const since = downAt.get(key);
  if (since === undefined) return;
  press = Math.max(press, Math.round(at - since));
  downAt.delete(key);
}

function trusted<E extends Event>(kind: string, note: (event: E) => void): void {
  document.addEventListener(kind, (event) => event.isTrusted && note(event as E), true);
}

document.addEventListener("visibilitychange", noteShown);
noteShown();
trusted<PointerEvent>("pointerdown", (event) =>
  down(`p${event.pointerId}`, event.pointerType === "mouse" ? "mouse" : "touch", event.timeStamp),
);
for (const kind of ["pointerup", "pointercancel"]) trusted<PointerEvent>(kind, (event) => up(`p${event.pointerId}`, event.timeStamp));
trusted<PointerEvent>("pointermove", () => gesture === "none" && (moves += 1));
trusted<KeyboardEvent>("keydown", (event) => event.repeat || down(`k${event.code}`, "key", event.timeStamp));
trusted<KeyboardEvent>("keyup", (event) => up(`k${event.code}`, event.timeStamp));
// An aid clicks without pressing anything. A script's click is not trusted.
trusted("click", () => begin("aid"));

export const isDriven = navigator.webdriver === true;

export function onFirstGesture(tell: () => void): void {
  if (gesture === "none") atFirstGesture.push(tell);
  else tell();
}

export function conduct(): string {
  const waited = gesture === "none" ? inView() : reach;
  return `${gesture} ${waited} ${press < 0 ? "-" : press} ${moves} ${isDriven ? 1 : 0}`;
}
