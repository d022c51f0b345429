/** Damage to a copied folder of a run or a sweep. */
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { damaged } from "./bytes.mjs";
import { deflatedZeros, npyHeader, png, pngHeader, zip, zlibZeros } from "./formats.mjs";
import { usurp } from "./places.mjs";
import { hostileText, hostileValue, mutated, resized, spell } from "./values.mjs";

/** What an earlier change has blown up is left alone. */
const LARGEST = 2 ** 24;
export const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => statSync(path).size <= LARGEST)
    .sort();

const LEAVING = [
  "../../../../outside",
  "../../outside/secret.txt",
  "/etc",
  "/",
  "..",
  ".",
  "",
  "a/../../..",
  "trials",
  "\u0000",
  "\u001b[2J",
  "C:\\",
  "x".repeat(5000),
];
const value = (random, outside) => () =>
  random.weighted([
    [6, () => hostileValue(random)],
    [2, () => random.pick([...LEAVING, outside])],
    [1, () => ["NaN", "Infinity", "-Infinity", 1e308, -1, null][random.int(0, 5)]],
  ])();

/** Members that decide where a command looks and what it runs. */
const TARGETS = {
  "metrics.json": (random, json, leaving) => {
    if (!Array.isArray(json.points) || json.points.length === 0) return;
    Object.assign(random.pick(json.points), { [random.pick(["folder", "trial"])]: leaving() });
  },
  "provenance.json": (random, json, leaving) => {
    Object.assign(
      json,
      random.pick([
        { specFolder: leaving() },
        { specFolderFromHere: leaving() },
        { plugins: [{ name: leaving(), file: leaving(), sha256: "0".repeat(64) }] },
        { git: { commit: leaving(), patch: leaving() } },
        { data: { sha256: 1 } },
      ]),
    );
  },
  "resolved.json": (random, json, leaving) => {
    Object.assign(
      json,
      random.pick([
        { plugins: [leaving()] },
        { warmStart: { run: leaving() } },
        { data: { type: "codes", run: leaving() } },
        { data: { type: "csv", file: leaving() } },
        { name: leaving() },
      ]),
    );
  },
  "layout.json": (random, json, leaving) => {
    Object.assign(
      json,
      random.pick([
        { samplers: [leaving()] },
        { notDrawn: [{ file: leaving(), reason: leaving() }] },
        { columns: { field: leaving(), classes: [1e9] } },
      ]),
    );
  },
};

const changeJson = (random, path, outside) => {
  const json = JSON.parse(readFileSync(path, "utf8"));
  const target = TARGETS[basename(path)];
  if (target && random.chance(0.4))
    target(random, json, () =>
      random.chance(0.7) ? random.pick([...LEAVING, outside]) : hostileValue(random, { tokens: false }),
    );
  writeFileSync(
    path,
    spell(
      target && random.chance(0.3)
        ? json
        : random.chance(0.2)
          ? resized(random, json)
          : mutated(random, json, { value: value(random, outside), most: 2 }),
    ),
  );
};

const changeLines = (random, path, outside) => {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const at = random.int(0, lines.length - 1);
  random.weighted([
    [
      6,
      () => {
        lines[at] = spell(mutated(random, JSON.parse(lines[at]), { value: value(random, outside), most: 2 }));
      },
    ],
    [
      1,
      () => {
        const line = JSON.parse(lines[at]);
        if ("id" in line) line.id = random.pick(LEAVING);
        lines[at] = spell(line);
      },
    ],
    [1, () => lines.splice(at, 1)],
    [1, () => lines.push(...Array(random.pick([1, 1000, 100_000])).fill(lines[at]))],
    [1, () => lines.splice(at, 0, hostileText(random))],
  ])();
  writeFileSync(path, lines.join("\n") + (random.chance(0.9) ? "\n" : ""));
};

const BOMBS = [64, 600, 1500, 5000];
const changeBytes = (random, path) => {
  const isPicture = path.endsWith(".png");
  const mebibytes = random.pick(BOMBS);
  const bomb = isPicture
    ? () =>
        png([
          pngHeader(random.pick([16, 30_000]), random.pick([16, 30_000])),
          ...(random.chance(0.5)
            ? [{ type: "iCCP", data: Buffer.concat([Buffer.from("p\0\0"), zlibZeros(mebibytes)]) }]
            : []),
          { type: "IDAT", data: zlibZeros(mebibytes) },
          { type: "IEND" },
        ])
    : () =>
        zip(
          ["codes.npy", "projection.npy", "elbo.npy"].map((name) => ({
            name,
            data: deflatedZeros(mebibytes),
            size: mebibytes * 2 ** 20,
            bytes: Buffer.from(npyHeader("'<f4'", "(9, 2)")),
          })),
        );
  writeFileSync(path, random.chance(0.2) ? bomb() : damaged(random, readFileSync(path)));
};

const change = (random, path, outside) => {
  if (random.chance(0.12)) return usurp(random, path, outside);
  if (random.chance(0.08)) return writeFileSync(path, damaged(random, readFileSync(path)));
  if (path.endsWith(".json")) return changeJson(random, path, outside);
  if (path.endsWith(".jsonl")) return changeLines(random, path, outside);
  return changeBytes(random, path);
};

const STRANGE_FOLDERS = [
  "checkpoints/step-99",
  "checkpoints/step-1e3",
  "samples/x.tmp-1-2",
  ".lock-999999999",
  ".lock-1",
  "evaluations/1",
  "evaluations/999999999",
  "evaluations/x",
  "trials/../x",
  "trials/x/attempt-1",
];
const changeFolder = (random, run, outside) => {
  const folders = readdirSync(run, { withFileTypes: true, recursive: true }).filter((entry) => entry.isDirectory());
  random.pick([
    () => mkdirSync(join(run, random.pick(STRANGE_FOLDERS)), { recursive: true }),
    () => {
      const path = join(run, random.pick(STRANGE_FOLDERS.slice(0, 5)));
      mkdirSync(dirname(path), { recursive: true });
      usurp(random, path, outside);
    },
    () => {
      if (folders.length === 0) return;
      const { parentPath, path, name } = random.pick(folders);
      const at = join(parentPath ?? path, name);
      renameSync(at, `${run}-moved`);
      random.pick([
        () => {},
        () => symlinkSync(outside, at),
        () => writeFileSync(at, "x"),
        () => symlinkSync(`${run}-moved`, at),
      ])();
    },
  ])();
};

/** Files that say what a folder is come more often than pictures. */
const weightOf = (path) => (/\.(json|jsonl)$/.test(path) ? 6 : /(LATEST|BEST)$/.test(path) ? 2 : 1);

/** What an earlier change of the same folder can lead to: a file where a folder is needed, a link in a circle. */
const IN_THE_WAY = ["EEXIST", "ENOTDIR", "EISDIR", "ELOOP", "ENOENT", "ENAMETOOLONG", "ENOTEMPTY"];

/** @param select which files may be changed. @param outside a folder that is none of the command's business */
export const damageFolder = (random, run, outside, select = () => true) => {
  for (let count = random.pick([1, 1, 2, 3]); count > 0; count--) {
    const files = filesIn(run).filter(select);
    if (files.length === 0) return;
    const path = random.weighted(files.map((file) => [weightOf(file), file]));
    try {
      if (random.chance(0.06)) changeFolder(random, run, outside);
      else change(random, path, outside);
    } catch (error) {
      // An earlier change left no JSON to change, or something else.
      if (error instanceof SyntaxError) writeFileSync(path, damaged(random, readFileSync(path)));
      else if (!IN_THE_WAY.includes(error.code)) throw error;
    }
  }
};
