/** Writes checkpoints until it is killed: what the crash test runs as a process of its own. Arguments: run folder, values. */

import { VaelabError } from "../../src/errors.js";
import { cleanRunFolder, readCheckpoint, writeCheckpoint } from "../../src/storage/checkpoint.js";

const [run, size] = [process.argv[2]!, Number(process.argv[3])];
cleanRunFolder(run);
let step = 0;
try {
  step = readCheckpoint(run, "latest", (warning) => process.stdout.write(`warning ${warning}\n`)).step;
} catch (error) {
  if (!(error instanceof VaelabError) || !error.message.includes("there is no checkpoint yet")) throw error;
}
for (;;) {
  step++;
  const model = { weights: { shape: [size], data: new Float32Array(size).fill(step) } };
  const optimizer = { "weights/m": { shape: [size], data: new Float32Array(size).fill(-step) } };
  writeCheckpoint(run, step, { model, optimizer, state: { step } }, step % 3 === 0 ? "best" : undefined);
  process.stdout.write(`wrote ${step}\n`);
}
