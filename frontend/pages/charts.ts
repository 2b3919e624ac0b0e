// Draws what `{% drawing chart %}` has put into the page, and what htmx brings in later. Only pages
// with a chart load this file; `vegaEmbed` is bundled with it. Vega's own evaluator is off: with
// `ast` expressions are interpreted, as the site's policy asks.
type Embed = (place: Element, spec: object, options: object) => Promise<unknown>;
declare const vegaEmbed: Embed;

const OPTIONS = { actions: false, ast: true, renderer: "svg", tooltip: false, defaultStyle: false };

async function draw(figure: HTMLElement): Promise<void> {
  const spec = figure.querySelector<HTMLScriptElement>("script[type='application/json']");
  const place = figure.querySelector<HTMLElement>(".drawing-place");
  if (!spec?.textContent || !place || figure.dataset.drawn) return;
  figure.dataset.drawn = "now";
  await vegaEmbed(place, JSON.parse(spec.textContent), OPTIONS);
  figure.dataset.drawn = "yes";
}

function drawAll(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-drawing]")) void draw(figure);
}

drawAll();
document.addEventListener("htmx:load", drawAll);
