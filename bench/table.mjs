/** Results as the markdown table of bench/RESULTS.md. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { results } from "./setup.mjs";

const number = (value) =>
  value === undefined || value === null ? "" : value >= 100 ? value.toFixed(0) : value.toFixed(2);

/** The subject over the fastest of the others: by medians and by minima. */
export const ratios = ({ subject, participants }) => {
  const others = Object.entries(participants).filter(([name]) => name !== subject && !name.startsWith("vaelab"));
  if (others.length === 0) return undefined;
  const over = (key) => participants[subject][key] / Math.min(...others.map(([, values]) => values[key]));
  return { medians: over("median"), minima: over("minimum") };
};

export const lines = (row) => {
  const { title, unit, participants, target, limit, gflops, note } = row;
  const out = [`### ${title}`, "", `| | median, ${unit} | minimum | n | peak memory, MiB |`, "|---|---|---|---|---|"];
  for (const [name, { median, minimum, count, peakMiB }] of Object.entries(participants))
    out.push(`| ${name} | ${number(median)} | ${number(minimum)} | ${count} | ${peakMiB ? peakMiB.toFixed(0) : ""} |`);
  if (limit !== undefined)
    out.push(`| the products alone, at the sgemm limit of ${gflops.toFixed(0)} GFLOPS | | ${number(limit)} | | |`);
  out.push("");
  const found = ratios(row);
  if (found) {
    const aim = target === undefined ? "" : `; aim: ${target}`;
    out.push(
      `vaelab over the fastest peer: ${number(found.medians)} by medians, ${number(found.minima)} by minima${aim}.`,
    );
  }
  if (limit !== undefined)
    out.push(
      `Share of the sgemm limit by minima: ${((limit / participants[row.subject].minimum) * 100).toFixed(0)} %.`,
    );
  if (note) out.push(note);
  out.push("");
  return out;
};

const costTable = (rows) => [
  "![cost of a step](cost.svg)",
  "",
  "| | vaelab, median (minimum), ms | PyTorch fused | ratio of medians | of minima |",
  "|---|---|---|---|---|",
  ...rows.map((row) => {
    const { participants, title } = row;
    const cells = Object.values(participants).map(({ median, minimum }) => `${number(median)} (${number(minimum)})`);
    const { medians, minima } = ratios(row);
    return `| ${title} | ${cells.join(" | ")} | ${number(medians)} | ${number(minima)} |`;
  }),
  "",
];

export const writeTable = () => {
  const cases = readdirSync(results)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(results, file), "utf8")));
  const processor = `${cpus().length} cores of ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const versions = new Set(
    cases.flatMap(({ rows }) =>
      rows.flatMap(({ prepared = {} }) =>
        Object.entries(prepared).map(([name, { version }]) =>
          name.startsWith("vaelab") ? `TensorFlow ${version}` : `PyTorch ${version}`,
        ),
      ),
    ),
  );
  const notes = join(dirname(results), "NOTES.md");
  const text = [
    "# What a step costs, beside PyTorch and pythae",
    "",
    `Written by \`npm run bench\`. ${processor}; Node ${process.versions.node}; ${[...versions].join(", ")}; pythae 0.1.2; two threads each, unless it says one.`,
    "All take turns, a block of steps each (A B C A B C ...). Both PyTorch and vaelab gather their batches from resident tensors.",
    "Ratios below 1 are in vaelab's favor.",
    "",
    ...(existsSync(notes) ? [readFileSync(notes, "utf8").trim(), ""] : []),
    ...cases.flatMap(({ case: name, quick, at, load, loadAfter, rows }) => [
      `## ${name}${quick ? " (quick: few repetitions)" : ""}`,
      "",
      `${at.slice(0, 16).replace("T", " ")} UTC; the machine's load was ${load.toFixed(1)} before and ${loadAfter.toFixed(1)} after, own processes included.`,
      "",
      ...(name === "cost" ? costTable(rows) : rows.flatMap(lines)),
    ]),
  ];
  writeFileSync(join(dirname(results), "RESULTS.md"), `${text.join("\n").trim()}\n`);
};
