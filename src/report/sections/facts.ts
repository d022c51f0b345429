/** Provenance: facts at the head of a report, with the full spec and provenance collapsed below. */
import { type Content, html, type Markup } from "../pages/html.js";
import { has, type Piece } from "../read/piece.js";

export type Fact = readonly [name: string, value: Content];

export const factList = (facts: readonly (Fact | undefined)[]): Markup =>
  html`<dl class="facts">${facts.filter((fact) => fact !== undefined).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

const LONGEST = 90;
const leaves = (value: unknown, path: readonly string[]): [path: string, text: string][] =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]))
    : [[path.join(" "), typeof value === "string" ? value : JSON.stringify(value)]];

/** What of a provenance fits beside the name: engine, versions, hashes, commit; its long members (a patch) are left folded. */
export const provenanceFacts = (provenance: Piece<Readonly<Record<string, unknown>>>): Fact[] =>
  has(provenance)
    ? leaves(provenance.value, [])
        .filter(
          ([path, text]) =>
            text !== "null" &&
            text.length > 0 &&
            text.length <= LONGEST &&
            /^(vaelab|node|engine|git commit|host cpu)|sha256|version/i.test(path),
        )
        .slice(0, 16)
        .map(
          ([path, text]): Fact => [
            path.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
            /^[0-9a-f]{40,}$/i.test(text) ? html`<span title="${text}">${text.slice(0, 16)}…</span>` : text,
          ],
        )
    : [["provenance", provenance.missing]];

/** JSON, folded; or why there is none. */
export const foldedJson = (summary: string, piece: Piece<unknown>): Markup =>
  has(piece)
    ? html`<details><summary>${summary}</summary><pre tabindex="0">${JSON.stringify(piece.value, null, 2)}</pre></details>`
    : html`<p class="missing">${summary}: ${piece.missing}.</p>`;
