/** Provenance: facts at the head of a report, with the full spec and provenance collapsed below. */
import { isObject } from "../../storage/json.js";
import { type Content, html, type Markup } from "../pages/html.js";
import { has, type Piece } from "../read/piece.js";

export type Fact = readonly [name: string, value: Content];

export const factList = (facts: readonly (Fact | undefined)[]): Markup =>
  html`<dl class="facts">${facts.filter((fact) => fact !== undefined).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

interface ShownMember {
  title: string;
  path: readonly string[];
  /** Shown by its first digits, the rest in a tooltip. */
  isHash?: true;
}
/** Members of provenance.json shown at the head of the page, which contains the whole file further below. */
const MEMBERS: readonly ShownMember[] = [
  { title: "vaelab", path: ["vaelab"] },
  { title: "data SHA-256", path: ["data", "sha256"], isHash: true },
  { title: "engine", path: ["engine", "name"] },
  { title: "engine version", path: ["engine", "version"] },
  { title: "engine build", path: ["engine", "build"] },
  { title: "threads", path: ["engine", "threads"] },
  { title: "capture", path: ["engine", "capture"] },
  { title: "git commit", path: ["git", "commit"], isHash: true },
  { title: "lockfile SHA-256", path: ["lockfileSha256"], isHash: true },
  { title: "Node.js", path: ["node"] },
  { title: "CPU", path: ["host", "cpu"] },
];
const HASH_DIGITS = 16;
/** Longer texts are not shown. */
const LONGEST = 90;

const memberAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);

export const provenanceFacts = (provenance: Piece<Readonly<Record<string, unknown>>>): Fact[] => {
  if (!has(provenance)) return [["provenance", provenance.missing]];
  return MEMBERS.flatMap(({ title, path, isHash }): Fact[] => {
    const value = memberAt(provenance.value, path);
    if (typeof value !== "string" && typeof value !== "number") return [];
    const text = String(value);
    if (text === "" || text.length > LONGEST) return [];
    const isShortened = isHash && text.length > HASH_DIGITS;
    return [[title, isShortened ? html`<span title="${text}">${text.slice(0, HASH_DIGITS)}…</span>` : text]];
  });
};

/** Collapsed JSON, or the reason for its absence. */
export const foldedJson = (summary: string, piece: Piece<unknown>): Markup =>
  has(piece)
    ? html`<details><summary>${summary}</summary><pre tabindex="0">${JSON.stringify(piece.value, null, 2)}</pre></details>`
    : html`<p class="missing">${summary}: ${piece.missing}.</p>`;
