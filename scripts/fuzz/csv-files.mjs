/** Tables that are wrong in their structure, in their cells or in their encoding, or that are a bomb. */

import { damaged } from "./bytes.mjs";
import { gzipBomb, gzipped } from "./formats.mjs";
import { hostileText } from "./values.mjs";

const HEADS = [
  "a",
  "b",
  "label",
  "",
  "a",
  "constructor",
  "__proto__",
  "length",
  " x ",
  '"q"',
  "\u001b[31m",
  "日本",
  "a\nb",
  "1",
  "x".repeat(1000),
];
const CELLS = [
  "",
  "NA",
  "nan",
  "inf",
  "-inf",
  "1e400",
  "1e-400",
  "0x10",
  "1,5",
  "1.000,5",
  "5%",
  "$3",
  "2020-01-01",
  "true",
  "?",
  "-",
  "--1",
  "1e",
  "+",
  ".",
  '"',
  '"a""b"',
  '"a\nb"',
  "\u0000",
  "\u001b[2J",
  "\uFEFF1",
  "é",
  "99999999999999999999999999",
  "1_000",
  "=1+1",
];
const ENDS = ["\n", "\r\n", "\r", "\n\r", "\n\n", ""];

const numeric = (random) => random.real(-3, 3).toFixed(random.int(0, 6));
const cellOf = (random, kind, often) => {
  if (random.chance(often)) return random.chance(0.9) ? random.pick(CELLS) : hostileText(random).slice(0, 10_000);
  return kind === "text"
    ? random.pick(["cat", "dog", "eel"])
    : kind === "binary"
      ? String(random.int(0, 1))
      : numeric(random);
};

const table = (random) => {
  const rows = random.weighted([
    [8, 96],
    [2, random.int(0, 10)],
    [1, 5000],
  ]);
  const columns = random.weighted([
    [8, random.int(1, 6)],
    [1, 200],
    [0.5, rows < 200 ? 3000 : 50],
  ]);
  const delimiter = random.weighted([
    [8, ","],
    [1, ";"],
    [1, "\t"],
    [1, "|"],
  ]);
  const often = random.pick([0, 0, 0.005, 0.1]);
  const kinds = Array.from({ length: columns }, () => random.pick(["number", "number", "binary", "text"]));
  const strange = random.chance(0.3);
  const heads = kinds.map((_, index) => (index === columns - 1 ? "label" : strange ? random.pick(HEADS) : `c${index}`));
  const end = random.chance(0.8) ? "\n" : random.pick(ENDS);
  const ragged = random.chance(0.1);
  const lines = Array.from({ length: rows }, () => {
    const cells = kinds.map((kind) => cellOf(random, kind, often));
    if (ragged && random.chance(0.05)) cells.push("extra");
    return cells.join(delimiter);
  });
  return [heads.join(delimiter), ...lines].join(end) + (random.chance(0.8) ? end : "");
};

const whole = (random) =>
  random.weighted([
    [12, () => table(random)],
    [0.5, () => ""],
    [0.5, () => `a,b\n"${"x".repeat(random.pick([1000, 20_000_000]))}`],
    [0.5, () => `a\n${"1".repeat(20_000_000)}\n`],
    [0.5, () => `${Array.from({ length: 100_000 }, (_, index) => `c${index}`).join(",")}\n${"1,".repeat(99_999)}1\n`],
    [0.5, () => `a,b\n${"\n".repeat(5_000_000)}`],
    [0.5, () => `a,b\n${"1,2\n".repeat(300_000)}`],
    [0.5, () => `a,label\n${Array.from({ length: 200_000 }, (_, index) => `1,v${index % 90_000}`).join("\n")}\n`],
  ])();

export const csv = (random, write) => {
  const text = whole(random);
  const bytes = Buffer.from(text, random.chance(0.95) ? "utf8" : random.pick(["utf16le", "latin1"]));
  const name = random.pick(["x.csv", "x.csv", "x.tsv", "x.csv.gz"]);
  const packed =
    !name.endsWith(".gz") && random.chance(0.95)
      ? bytes
      : random.chance(0.3)
        ? gzipBomb(text.slice(0, 5000), random.pick([4, 600, 5000]))
        : gzipped(bytes);
  write(name, random.chance(0.25) ? damaged(random, packed) : packed);
  return {
    type: "csv",
    file: name,
    ...(random.chance(0.5) && { label: "label" }),
    ...(random.chance(0.2) && { delimiter: random.pick([",", ";", "\t", "|", "", ",,", "\n", '"', "é"]) }),
    ...(random.chance(0.1) && { decimal: "," }),
    ...(random.chance(0.1) && { header: false }),
    ...(random.chance(0.1) && { names: random.pick([["a", "b"], ["a", "a"], [], ["__proto__", "b"]]) }),
    ...(random.chance(0.1) && { thousands: random.pick([",", "."]) }),
    ...(random.chance(0.15) && {
      columns: Object.fromEntries([
        [random.pick(HEADS.slice(0, 4)), random.pick(["numeric", "count", "categorical", "ignored", "binary"])],
      ]),
    }),
    ...(random.chance(0.1) && { missing: random.pick([[""], ["0"], [], Array(5000).fill("x")]) }),
    ...(random.chance(0.1) && { scale: random.pick([1e-300, 1e300, 255]) }),
  };
};
