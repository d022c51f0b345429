/** Reads history.jsonl: its figures and their values. Lines before format 3 declare no figures; `undeclared-figures.ts` knows them. */
import { SPLITS } from "../contracts/dataset.js";
import type { LoggedFigure } from "../contracts/logged-figure.js";
import { VaelabError } from "../errors.js";
import { assertFormat, claimedFormat } from "./format.js";
import { isObject, LARGEST_TEXT } from "./json.js";
import type { HistoryEntry } from "./layout.js";
import { loggedFiguresGuard } from "./layout-guards.js";
import { readBytes } from "./read-file.js";
import { isRepeated, undeclared } from "./undeclared-figures.js";

export interface History {
  /** In the order in which they were declared. */
  figures: readonly LoggedFigure[];
  entries: readonly HistoryEntry[];
}

/** The first format in which lines declare their figures. */
const DECLARING = 3;

const SPELLINGS = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

const damaged = (message: string, where: string): VaelabError => new VaelabError("DATA", { message, where });

/** @throws FORMAT, DATA */
const parseLine = (line: string, where: string): Readonly<Record<string, unknown>> => {
  const parsed = ((): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      return undefined;
    }
  })();
  if (!isObject(parsed)) throw damaged("not a line of a training history", where);
  assertFormat(claimedFormat(parsed), where);
  return parsed;
};

/** @throws DATA */
const figuresFrom = ({ figures }: Readonly<Record<string, unknown>>, where: string): readonly LoggedFigure[] => {
  const fault = loggedFiguresGuard(figures, "figures");
  if (fault !== undefined) throw damaged(fault, where);
  return figures as readonly LoggedFigure[];
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const entryFrom = (line: Readonly<Record<string, unknown>>): HistoryEntry | undefined => {
  const { step, epoch, name, dimension } = line;
  const value = SPELLINGS.get(line.value) ?? line.value;
  const split = SPLITS.find((each) => each === line.split);
  if (typeof step !== "number" || typeof epoch !== "number" || typeof name !== "string" || typeof value !== "number")
    return undefined;
  if (!split || !(dimension === undefined || isCount(dimension))) return undefined;
  return { step, epoch, split, name, ...(dimension !== undefined && { dimension }), value };
};

/** Ignores an incomplete last line, which a killed process may leave. */
const linesOf = (path: string): string[] => {
  const lines = readBytes(path, LARGEST_TEXT).toString("utf8").split("\n");
  lines.pop();
  return lines;
};

/** @throws NOT_FOUND, NOT_READABLE, FORMAT; DATA naming the damaged line */
export const readHistory = (path: string): History => {
  const declared = new Map<string, LoggedFigure>();
  const old = new Map<string, LoggedFigure>();
  const entries: HistoryEntry[] = [];
  for (const [i, text] of linesOf(path).entries()) {
    const where = `${path}:${i + 1}`;
    const line = parseLine(text, where);
    if ("figures" in line) {
      for (const figure of figuresFrom(line, where)) declared.set(figure.name, figure);
      continue;
    }
    const entry = entryFrom(line);
    if (!entry) throw damaged("not a line of a training history", where);
    if (Number(claimedFormat(line)) < DECLARING) {
      if (isRepeated(entry)) continue;
      const known = undeclared(entry);
      const { name, dimensions = 0 } = known.figure;
      if (dimensions >= (old.get(name)?.dimensions ?? 0)) old.set(name, known.figure);
      entries.push(known.entry);
    } else if (declared.has(entry.name)) entries.push(entry);
    else throw damaged(`no line before it declares the figure "${entry.name}"`, where);
  }
  // If an older version began the run and this one resumed it, figures are declared after their first values.
  const all = [...declared.values(), ...[...old.values()].filter(({ name }) => !declared.has(name))];
  return { figures: all, entries };
};

/** Canonical JSON sorts members, so a line that declares figures begins with this text. */
const DECLARES = '{"figures":';

/** The figures that the file declares; its values are not read. @throws NOT_READABLE, FORMAT, DATA */
export const declaredFigures = (path: string): readonly LoggedFigure[] =>
  linesOf(path).flatMap((text, i) => {
    const where = `${path}:${i + 1}`;
    return text.startsWith(DECLARES) ? figuresFrom(parseLine(text, where), where) : [];
  });
