/**
 * One case: a folder that a subject fills from a seed, a command on it, and what the command must leave alone.
 *
 *     CASE/outside  CASE/a/outside      must stay as they are
 *     CASE/a/given                      where the command runs
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { SECRET } from "./places.mjs";
import { randomFrom } from "./random.mjs";
import { verdictOf } from "./verdict.mjs";

const entriesOf = (folder, skip, found = new Map()) => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (skip.includes(path)) continue;
    const stats = lstatSync(path);
    if (stats.isDirectory()) {
      found.set(path, "folder");
      entriesOf(path, skip, found);
    } else found.set(path, `${stats.mode} ${stats.size} ${stats.mtimeMs}`);
  }
  return found;
};
const changesBetween = (before, after) => [
  ...[...after.keys()].filter((path) => before.get(path) !== after.get(path)),
  ...[...before.keys()].filter((path) => !after.has(path)),
];

/** Empties `folder` and fills it. @returns the command, and what judges how it ended */
export const prepareCase = (subject, { name, folder, fixtures }) => {
  rmSync(folder, { recursive: true, force: true });
  const given = join(folder, "a", "given");
  for (const each of [given, join(folder, "outside"), join(folder, "a", "outside")])
    mkdirSync(each, { recursive: true });
  for (const each of [folder, join(folder, "a")])
    writeFileSync(join(each, "outside", "secret.txt"), `secret,label\n${SECRET},1\n`);
  const {
    args,
    writes = [given],
    out,
    interruptAfter,
    isSecret = false,
    mayTrain = false,
  } = subject.prepare(randomFrom(name), {
    given,
    outside: join(folder, "outside"),
    fixtures,
  });
  const before = entriesOf(folder, writes);
  const isThere = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const shown = () =>
    isSecret
      ? writes
          .flatMap((path) =>
            lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? [join(path, "report.html")] : [path],
          )
          .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() && lstatSync(path).size < 2 ** 26)
          .some((path) => readFileSync(path).includes(SECRET))
      : false;
  return {
    command: { args, folder: given, interruptAfter },
    judge: (ended) => {
      const escaped = changesBetween(before, entriesOf(folder, writes)).map((path) => relative(folder, path));
      const wroteEarly = ended.code === 2 && out !== undefined && isThere(join(given, out));
      if (isSecret && (ended.text.includes(SECRET) || shown())) return "shows a file from outside its folder";
      return verdictOf({ ...ended, escaped, wroteEarly, mayTrain });
    },
  };
};
