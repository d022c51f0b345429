/** What a refusal names: two levels of its row at least, and a remedy. */
import type { Problem } from "../../../../src/errors.js";
import { COVERED, componentOf } from "./factors.js";
import type { Exclusion, Row } from "./pairwise.js";

/** Names of latents and fields in quotes, and the keys that hold them. */
const OF_STRUCTURE = /"(z|z1|z2|w|y)"|latents\/\w+|"label"|outputs\/\w+|the latents/;
const OF_DATA = /the field "x"|the columns |of the field|table|image/;
/** "the likelihood "gaussian" cannot take the field "x": REASON", where the reason says what would fit. */
const REASONED = / (cannot take|cannot have) [^:]*: ./;

const PART = new RegExp(`(${COVERED.join("|")}) "([^"]+)"`, "g");
/** "the objective "iwae" needs a posterior with "density", which posterior "one" and posterior "other" do not have": each is enough. */
const UNABLE = /^(.*, which )(.*)( do not have.*)$/s;

const namedIn = (text: string, row: Row): Exclusion => {
  const named: Record<string, string> = {};
  for (const [, kind, type] of text.matchAll(PART)) {
    const own = componentOf(row, kind as (typeof COVERED)[number]);
    // What the row does not choose, its structure does.
    if (own?.type === type) named[kind!] = row[kind!]!;
    else named.structure = row.structure!;
  }
  if (OF_DATA.test(text)) named.data = row.data!;
  if (OF_STRUCTURE.test(text)) named.structure = row.structure!;
  return named;
};

/** Levels of the row that cannot be together, as a refusal names them; several sets where each is enough. */
export const namedBy = ({ message, where = "" }: Problem, row: Row): Exclusion[] => {
  const [, before, unable, after] = UNABLE.exec(message) ?? [];
  if (unable === undefined) return [namedIn(`${where} ${message}`, row)];
  return unable.split(" and ").map((part) => namedIn(`${before}${part}${after}`, row));
};

/** Why a refusal is none that a user can act on; undefined if it is one. */
export const faultOfRefusal = (problem: Problem, row: Row): string | undefined => {
  if (!problem.remedy && !REASONED.test(problem.message)) return "it has no remedy";
  const few = namedBy(problem, row).find((named) => Object.keys(named).length < 2);
  return few && `it names ${Object.keys(few).join("") || "no part"}, expected two parts`;
};

/** One line a kind of refusal: what is particular to its parts left out. */
export const reasonOf = ({ message }: Problem): string =>
  message
    .replace(/"[^"]*"/g, '"..."')
    .replace(/\[[^\]]*\]/g, "[...]")
    .replace(/\d+/g, "N");
