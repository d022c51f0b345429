/**
 * Scores weights that a peer trained as the finished run of the same model was scored: its spec, test split, seeds, refit and
 * metrics. Arguments: the run's folder, that of the weights (a raw float32 file a parameter), and a new one for the figures.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "../../src/experiments/evaluation/evaluate.ts";
import { loadRun } from "../../src/experiments/runs/load-run.ts";
import { silent } from "../../src/experiments/runs/reporter.ts";

const [run, weights, folder] = process.argv.slice(2);
const { spec, builder, checkpoint, trained } = await loadRun({ run, engine: "native", threads: 1 });

const readParameter = (name, { shape, data }) => {
  const bytes = readFileSync(join(weights, `${name.replaceAll("/", ".")}.f32`));
  if (bytes.byteLength !== data.byteLength) throw new Error(`${name} has ${bytes.byteLength} bytes in ${weights}`);
  return { shape, data: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
};
const parameters = Object.fromEntries(
  Object.entries(trained.parameters).map(([name, own]) => [name, readParameter(name, own)]),
);
mkdirSync(folder, { recursive: true });
await evaluate({
  spec,
  builder,
  trained: { ...trained, parameters },
  checkpoint: { step: checkpoint.step, which: spec.evaluation.checkpoint },
  folder,
  pictures: false,
  reporter: silent,
});
writeFileSync(join(folder, "done"), "");
