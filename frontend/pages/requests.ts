// htmx under a strict content security policy, and what a reader is told when a request fails.
import htmx from "htmx.org";
import { showMessage } from "./messages";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.timeout = 20_000;
htmx.config.scrollBehavior = "auto";
// 422 carries the form with its errors.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

const EXPLANATIONS: Record<number, string> = {
  401: "You are signed out. Sign in again in another tab, then repeat this; what you typed is kept.",
  403: "Your role does not allow this. An owner of the workspace can change that in Settings.",
  404: "This is no longer here. Somebody may have removed it; reload the page to see what is.",
  409: "Somebody else changed this a moment ago. Reload the page to see their change, then try again.",
  413: "That is too large to send.",
  429: "Too many requests at once. Wait a minute, then try again.",
};
const UNREACHABLE = "The server could not be reached. What you typed is kept; try again in a moment.";
const BROKEN = "The server could not do this. Nothing was changed; if it happens again, tell your administrator.";

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  showMessage("error", EXPLANATIONS[xhr.status] ?? BROKEN);
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => showMessage("error", UNREACHABLE));
}

// A page that nobody looks at does not poll (`hx-trigger="every 10s"`).
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
  if (document.hidden && elt.getAttribute("hx-trigger")?.startsWith("every")) event.preventDefault();
});
