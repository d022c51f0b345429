/**
 * Replaces Adam updates by the op of engine/adam.h. Updates of small variables become one entry at the place of the last one;
 * reads in between move behind it.
 */
import { isLarge } from "../tape/large.js";
import {
  type Entry,
  type Source,
  sourcesOf,
  type Tape,
  type UpdateEntry,
  withSources,
  writtenBy,
} from "../tape/tape.js";

/** Our op for each of TensorFlow's optimizer ops; ours updates several variables at once. */
const OWN: Readonly<Record<string, string>> = { ResourceApplyAdam: "VaelabApplyAdam" };

/** What updates must share to be done by one op. */
const keyOf = ({ op, inputs, globals, learningRate }: UpdateEntry): string =>
  JSON.stringify([op, inputs, globals, learningRate]);

/** Entry indices that one update can cover. */
const groupsOf = (tape: Tape): number[][] => {
  const small = new Map<string, number[]>();
  const groups: number[][] = [];
  tape.entries.forEach((entry, at) => {
    if (entry.kind !== "update" || OWN[entry.op] === undefined) return;
    if (entry.members.some(({ shape }) => isLarge(shape))) groups.push([at]);
    else small.set(keyOf(entry), [...(small.get(keyOf(entry)) ?? []), at]);
  });
  for (const group of small.values())
    if (canWait(tape, group)) groups.push(group);
    else for (const at of group) groups.push([at]);
  return groups;
};

/** Whether all updates can move to the place of the last one. */
const canWait = ({ entries }: Tape, group: readonly number[]): boolean => {
  const late = new Set<number>();
  const written = new Set<string>();
  for (let at = group[0]!; at <= group.at(-1)!; at++) {
    const entry = entries[at]!;
    if (sourcesOf(entry).some(({ entry: source }) => late.has(source))) return false;
    if (writtenBy(entry).some((variable) => written.has(variable))) return false;
    if (group.includes(at)) for (const variable of writtenBy(entry)) written.add(variable);
    if (entry.kind === "read" && entry.after !== undefined && group.includes(entry.after)) late.add(at);
  }
  return true;
};

const merged = (updates: readonly UpdateEntry[]): UpdateEntry & Entry => {
  const [first] = updates;
  const members = updates.flatMap((update) => update.members);
  return { ...first!, op: OWN[first!.op]!, attributes: { N: { int: members.length } }, members };
};

export const groupUpdates = (tape: Tape): Tape => {
  const groups = groupsOf(tape);
  const groupOf = new Map(groups.flatMap((group) => group.map((at) => [at, group] as const)));
  const entries: Entry[] = [];
  /** New index of each entry. */
  const place = new Map<number, number>();
  const now = ({ entry, output }: Source): Source => ({ entry: place.get(entry)!, output });
  const waiting = new Map<readonly number[], number[]>();
  const put = (at: number, entry: Entry): void => {
    place.set(at, entries.push(withSources(entry, now, (number) => place.get(number)!)) - 1);
  };
  tape.entries.forEach((entry, at) => {
    const group = groupOf.get(at);
    if (group && at !== group.at(-1)) return;
    if (group) {
      put(at, merged(group.map((number) => tape.entries[number] as UpdateEntry)));
      for (const number of group) place.set(number, place.get(at)!);
      for (const number of waiting.get(group) ?? []) put(number, tape.entries[number]!);
      return;
    }
    const after = entry.kind === "read" && entry.after !== undefined ? groupOf.get(entry.after) : undefined;
    if (after && !place.has(after.at(-1)!)) waiting.set(after, [...(waiting.get(after) ?? []), at]);
    else put(at, entry);
  });
  const outputs = Object.fromEntries(
    Object.entries(tape.outputs).map(([name, source]) => [name, { ...source, ...now(source) }]),
  );
  return { entries, outputs };
};
