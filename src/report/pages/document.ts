/**
 * The page around the sections. Its content security policy forbids all requests and all scripts except the one with the
 * given hash, so that nothing in a spec or a name can load or run anything, even if escaping failed.
 */
import { createHash } from "node:crypto";
import { partOf } from "../charts/chart.js";
import { type Content, html, Markup } from "./html.js";
import { SORT_SCRIPT } from "./sort-script.js";
import { STYLE } from "./style.js";

export interface Section {
  id: string;
  heading: string;
  /** If it returns undefined, the page omits the section; if it throws, the section shows the reason. */
  body: () => Content | Promise<Content>;
}
export interface Page {
  /** "Run", "Sweep". */
  kind: string;
  name: string;
  lead: Content;
  facts: () => Content;
  sections: readonly Section[];
}

const POLICY = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(SORT_SCRIPT).digest("base64")}'; base-uri 'none'; form-action 'none'`;

const madeSections = async (
  sections: readonly Section[],
): Promise<{ id: string; heading: string; body: Content }[]> => {
  const made = [];
  for (const { id, heading, body } of sections) made.push({ id, heading, body: await partOf(heading, body) });
  return made.filter(({ body }) => body !== undefined);
};

export const documentOf = async ({ kind, name, lead, facts, sections: planned }: Page): Promise<string> => {
  const sections = await madeSections(planned);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="vaelab">
<link rel="icon" href="data:,">
<title>${name} · ${kind.toLowerCase()} report</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<div class="page">
<header class="top">
<p class="kind">${kind}</p>
<h1>${name}</h1>
<p class="lead">${lead}</p>
${await partOf("Facts", facts)}
</header>
<nav aria-label="Sections"><ul>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
<main id="content">
${sections.map(({ id, heading, body }) => html`<section id="${id}" aria-labeledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>${body}</section>`)}
</main>
<footer>Made by vaelab from the files of this folder alone. The page is complete in itself and asks for nothing from anywhere.</footer>
</div>
<script>${new Markup(SORT_SCRIPT)}</script>
</body>
</html>
`.text;
};
