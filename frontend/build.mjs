// Builds everything the browser loads into the kit's static folder.
// `node build.mjs` builds once; the survey page's budget is checked on every build.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "../src/afterscore/kit/static/afterscore");
const require = createRequire(import.meta.url);

// Gzipped bytes. The survey page may weigh 20 kB in all, its HTML included.
const BUDGETS = { "survey.css": 3_000, "survey.js": 3_000 };

// Parts of Tabler no page uses. Pages may use what is left: grid, spacing, buttons, cards, tables,
// forms, alerts, badges, tabs, lists.
const UNUSED_TABLER =
  /\.(accordion|apexcharts|avatar|breadcrumb|btn-(?!primary|danger|outline-(primary|danger|secondary)|secondary|link|sm|lg|icon|list|group|check|close)|bg-(?!primary|danger|body|surface|secondary|transparent)|bs-(popover|tooltip)|calendar|carousel|chart|chat|chips?|datagrid|datepicker|divide|dropdown|dropzone|dropstart|dropend|dropup|empty|form-(color|image|otp|selectgroup|help|icon)|fullcalendar|icon-|jvm|layout|legend|loader|markdown|mention|modal|nav-bordered|navbar|noUi|offcanvas|otp|page-|placeholder|plyr|popover|ribbon|segmented|signal|sortable|sparkline|stars|status|step|strength|switch-icon|tag|theme-|timeline|toast|tom-|tooltip|tracking|ts-|litepicker|link-(?!secondary)|text-bg|text-(blue|azure|indigo|purple|pink|red|orange|yellow|lime|green|teal|cyan|facebook|twitter|x|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler)|border-(blue|azure|indigo|purple|pink|red|orange|yellow|lime|green|teal|cyan)|alert-(?!heading|icon|link|title|description|dismissible|primary|danger|warning|success|info)|badges?-|list-group-item-|social|object-|order-|offset-|input-icon|table-(primary|secondary|success|info|warning|danger|light|dark)|steps)/;

/** Drops the rules of one stylesheet whose every selector names a part no page uses. */
function stripUnused(css) {
  const withoutComments = css.replace(/\/\*(?!!)[\s\S]*?\*\//g, "");
  return withoutComments.replace(/([^{};]+)\{([^{}]*)\}/g, (rule, selectors, body) => {
    if (selectors.trim().startsWith("@")) return rule;
    const kept = splitSelectors(selectors).filter((selector) => !UNUSED_TABLER.test(selector));
    return kept.length ? `${kept.join(",")}{${body}}` : "";
  });
}

/** Splits a selector list at the commas outside parentheses. */
function splitSelectors(list) {
  const selectors = [""];
  let depth = 0;
  for (const character of list) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) selectors.push("");
    else selectors[selectors.length - 1] += character;
  }
  return selectors.map((selector) => selector.trim());
}

/** The palette as custom properties; `light-dark()` follows the page's colour scheme. */
function paletteForDesk(palette) {
  const lines = Object.entries(palette).map(
    ([name, [light, dark]]) => `--${name}:light-dark(${light},${dark});`,
  );
  return `:root{${lines.join("")}}`;
}

/** The same for the survey page, which also has to work in browsers without `light-dark()`. */
function paletteForSurvey(palette, used) {
  const names = Object.keys(palette).filter((name) => used.includes(`var(--${name})`));
  const lines = (index) => names.map((name) => `--${name}:${palette[name][index]};`).join("");
  return `:root{${lines(0)}}@media(prefers-color-scheme:dark){:root{${lines(1)}}}`;
}

const stylesheets = {
  name: "stylesheets",
  setup(context) {
    context.onResolve({ filter: /^palette:/ }, ({ path: name }) => ({ path: name, namespace: "palette" }));
    context.onLoad({ filter: /.*/, namespace: "palette" }, async ({ path: name }) => {
      const palette = JSON.parse(await readFile(path.join(here, "palette.json"), "utf8"));
      if (name === "palette:desk") return { contents: paletteForDesk(palette), loader: "css" };
      const used = await readFile(path.join(here, "styles/survey.css"), "utf8");
      return { contents: paletteForSurvey(palette, used), loader: "css" };
    });
    context.onLoad({ filter: /tabler\.css$/ }, async ({ path: file }) => ({
      contents: stripUnused(await readFile(file, "utf8")),
      loader: "css",
    }));
  },
};

/** One file of symbols: `icons.svg#inbox`. */
async function drawSprite() {
  const names = JSON.parse(await readFile(path.join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    Object.entries(names).map(async ([name, source]) => {
      const isFilled = source.endsWith("-filled");
      const file = isFilled ? `filled/${source.replace(/-filled$/, "")}` : `outline/${source}`;
      const svg = await readFile(require.resolve(`@tabler/icons/${file}.svg`), "utf8");
      const shapes = svg.match(/<(path|circle|rect|line)[^>]*\/>/g).filter((shape) => !shape.includes('d="M0 0h24v24H0z"'));
      const paint = isFilled
        ? 'fill="currentColor"'
        : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
      return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${shapes.join("")}</symbol>`;
    }),
  );
  const notice = "<!-- Tabler Icons, MIT licence, copyright Paweł Kuna -->";
  return `<svg xmlns="http://www.w3.org/2000/svg">${notice}${symbols.join("")}</svg>`;
}

// People at a desk have a current browser; customers have the phone they have.
const DESK_BROWSERS = ["chrome123", "firefox121", "safari17.5"];
const SURVEY_BROWSERS = ["chrome80", "firefox78", "safari14.1"];

async function bundle(entryPoints, browsers) {
  const result = await build({
    absWorkingDir: here,
    entryPoints,
    outdir: target,
    outbase: here,
    entryNames: "[name]",
    bundle: true,
    minify: true,
    format: "iife",
    target: browsers,
    legalComments: "inline",
    plugins: [stylesheets],
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles.map(({ path: file, contents }) => [path.basename(file), contents]);
}

/** The page script for charts together with Vega, which the product's Python brings along, so that
 *  pages and pictures are drawn by the same release. Its name changes with its content. */
async function bundleCharts() {
  const [[, script]] = await bundle(["pages/charts.ts"], DESK_BROWSERS);
  const bin = path.resolve(here, "..", process.env.BIN ?? ".venv/bin");
  const bundler = path.join(here, "charts.py");
  const contents = execFileSync(path.join(bin, "python"), [bundler], {
    input: script,
    maxBuffer: 1 << 26,
  });
  const digest = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  return [`charts.${digest}.js`, contents];
}

/** Texts also as gzip, which the web server sends to browsers that take it. */
function pack(files) {
  return files
    .filter(([name, contents]) => /\.(js|css|svg)$/.test(name) && contents.length > 1_000)
    .map(([name, contents]) => [`${name}.gz`, gzipSync(contents, { level: 9 })]);
}

async function main() {
  const brand = await Promise.all(
    ["mark.svg", "favicon.svg"].map(async (name) => [name, await readFile(path.join(here, "brand", name))]),
  );
  const files = [
    ...(await bundle(["styles/desk.css", "pages/desk.ts", "pages/theme.ts"], DESK_BROWSERS)),
    ...(await bundle(["styles/survey.css", "pages/survey.ts"], SURVEY_BROWSERS)),
    ...brand,
    ["icons.svg", Buffer.from(await drawSprite())],
    await bundleCharts(),
  ];
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await Promise.all([...files, ...pack(files)].map(([name, contents]) => writeFile(path.join(target, name), contents)));
  report(files);
}

/** Prints what each file weighs; a file over its budget fails the build. */
function report(files) {
  for (const [name, contents] of files.sort(([a], [b]) => a.localeCompare(b))) {
    const packed = gzipSync(contents, { level: 9 }).length;
    const budget = BUDGETS[name] ?? Infinity;
    if (packed > budget) process.exitCode = 1;
    const verdict = budget === Infinity ? "" : packed > budget ? `, OVER the budget of ${budget}` : ` of ${budget}`;
    console.log(`${name.padEnd(22)} ${String(contents.length).padStart(7)} bytes ${String(packed).padStart(6)} gzip${verdict}`);
  }
}

await main();
