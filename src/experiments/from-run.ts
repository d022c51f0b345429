/** What a finished run's model makes: samples and reconstructions, as a picture or as arrays. */
import { join } from "node:path";
import type { SplitName } from "../core/contracts/data.js";
import { VaelabError } from "../core/errors.js";
import { RUN_FILES } from "../core/run-folder/layout.js";
import { decodeCodes, encodeRows, givenOfRows, rowsFrom, samplePrior } from "./generation.js";
import { type LoadRunOptions, loadRun } from "./load-run.js";
import { assertWritable, writeRows } from "./write-rows.js";

export interface FromRunOptions extends Omit<LoadRunOptions, "set" | "add"> {
  /** A .png or .npz file; by default one in the run's samples/ folder. */
  out?: string;
}

export const sampleRun = async ({
  count,
  seed,
  means = false,
  out,
  ...options
}: FromRunOptions & { count: number; seed?: number; means?: boolean }): Promise<{ files: string[] }> => {
  assertWritable(out);
  const { trained, folder } = await loadRun(options);
  const samples = await samplePrior(trained, count, seed ?? trained.seed, {}, { draws: !means, means });
  const name = `sample-${seed ?? trained.seed}-${count}${means ? "-means" : ""}`;
  const columns = Math.ceil(Math.sqrt(count));
  const rows = means ? samples.means : samples.draws;
  return { files: [writeRows(trained, out ?? join(folder, RUN_FILES.samples, name), rows, { count, columns })] };
};

export const reconstructRun = async ({
  count,
  split = "test",
  out,
  ...options
}: FromRunOptions & { count: number; split?: SplitName }): Promise<{ files: string[] }> => {
  assertWritable(out);
  const { trained, folder } = await loadRun(options);
  const size = trained.dataset.sizes[split];
  if (count > size)
    throw new VaelabError("USAGE", {
      message: `the ${split} split has ${size} examples, not ${count}`,
      remedy: "Ask for fewer.",
    });
  const rows = rowsFrom(0, count);
  const { codes } = await encodeRows(trained, split, rows);
  const decoded = await decodeCodes(trained, codes, count, givenOfRows(trained, split, rows));
  const originals = trained.dataset.split(split, "evaluation").read(rows)[trained.dataset.modelled]!;
  const both = new Float32Array(originals.length + decoded.length);
  both.set(originals);
  both.set(decoded, originals.length);
  const path = out ?? join(folder, RUN_FILES.samples, `reconstruct-${split}-${count}`);
  return { files: [writeRows(trained, path, both, { count: 2 * count, columns: count })] };
};
