/** Trains a preset for a small budget and reads its figures; one run after another, each with all threads. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { root } from "../../scripts/sources.mjs";

const EPOCHS = 5;
const DIGITS = { type: "digits", binarize: "static" };
const IMPORTANCE = { type: "iwae-nll", samples: 100 };

/** What docs/presets.md says of the figures. */
export const BUDGET = `${EPOCHS} epochs of the 8,000 training examples of \`digits\`, seed 1, the best checkpoint, 1,000 test examples. NLL in nats by the training encoder with ${IMPORTANCE.samples} importance samples, ≤ where it is an upper bound; of gray digits it is minus the log of a density. Squared error of the reconstruction, summed over an image. Precision and recall of 1,000 samples of the prior, or of the preset's own sampler, in the features of a classifier: of draws if the digits are binary, else of decoded means. ± is the standard error over examples.`;

const folder = join(root, "bench", "results", "presets");
const cli = join(root, "dist", "cli.js");
const readJson = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));

const likelihoodOf = ({ written }) => written.model.likelihood?.type ?? written.model.likelihood ?? "bernoulli";
/** A density over gray values is measured on these. */
const dataOf = (row) =>
  row.entry.data ?? (likelihoodOf(row) === "bernoulli" ? DIGITS : { ...DIGITS, binarize: "none" });

/** The preset whose run the data of this one are made of, if any: `{ "type": "codes", "preset": "m1" }`. */
const readBy = (row) => dataOf(row).of?.preset;
const located = (data) => {
  if (!data.of?.preset) return data;
  const { preset, ...of } = data.of;
  return { ...data, of: { ...of, run: join(folder, preset) } };
};

const words = ({ type, binarize, perClass, of }) => {
  if (of) return `${words(of)} with ${perClass} labels a class`;
  if (type === "codes") return "codes";
  return type === "digits" ? `${binarize === "none" ? "gray" : "binary"} digits` : type;
};

/** The written metrics of a preset that the page shows too. */
const ownMetrics = ({ written }) =>
  (written.evaluation?.metrics ?? []).filter((metric) => metric === "accuracy" || metric.type === "accuracy");

const run = (row) => {
  const { name } = row;
  const out = join(folder, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const spec = {
    name,
    extends: [`preset:${name}`],
    seed: 1,
    data: located(dataOf(row)),
    training: { epochs: EPOCHS },
    evaluation: { metrics: ["elbo", IMPORTANCE, "precision-recall", ...ownMetrics(row)], refit: { epochs: 0 } },
  };
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(spec));
  execFileSync(execPath, [cli, "run", file, "--out", out], { stdio: ["ignore", "ignore", "pipe"] });
  return out;
};

/** The figures of docs/presets.md, without those that do not exist for a preset. @param rows all presets */
export const measure = (row, rows) => {
  const first = readBy(row);
  if (first && !existsSync(join(folder, first))) run(rows.find(({ name }) => name === first));
  const { measurements } = readJson(run(row), "metrics.json");
  const output = likelihoodOf(row) === "bernoulli" ? "draws" : "means";
  const samplers = row.written.evaluation?.samplers ?? [];
  const sampler = samplers[0]?.type ?? samplers[0];
  // What is generated from codes is codes: only the labels that are read from them are of digits.
  const ofDigits = (figure) => !first || figure === "accuracy";
  const isShown = ({ figure, value, set, class: of }) =>
    value !== null &&
    of === undefined &&
    ofDigits(figure) &&
    (["nll", "squaredError", "accuracy"].includes(figure) ||
      (["precision", "recall"].includes(figure) && set?.output === output && set?.sampler === sampler));
  const figures = Object.values(measurements)
    .filter(isShown)
    .map(({ figure, value, standardError, bound }) => [
      figure,
      { value: round(value), ...(standardError && { standardError: round(standardError) }), ...(bound && { bound }) },
    ]);
  return { data: words(dataOf(row)), figures: Object.fromEntries(figures) };
};
const round = (value) => Number(value.toPrecision(5));
