/** Training-split information for building components: label counts, and some complete examples. */

import type { Dataset, Split } from "../../contracts/dataset.js";
import type { LabelCounts } from "../../contracts/head.js";
import type { PriorContext } from "../../contracts/prior.js";
import { VaelabError } from "../../errors.js";
import { permutation, stream } from "../../numerics/streams.js";
import { readingBlocks } from "./batches.js";

/** Categories of a field by how many training examples are known to have each. */
export const labelCounts = ({ fields, sizes }: Dataset, training: Split, name: string): LabelCounts => {
  const counts: number[] = Array.from({ length: fields[name]?.classes ?? 0 }, () => 0);
  for (const { rows } of readingBlocks(sizes.train, fields)) {
    const values = training.read(rows)[name]!;
    const mask = training.observed?.(rows)[name];
    for (let i = 0; i < rows.length; i++) if (!mask || mask[i]! > 0.5) counts[values[i]!]!++;
  }
  return { counts, size: sizes.train };
};

const refuse = (
  { part, pointer }: Pick<ExampleRequest, "part" | "pointer">,
  count: number,
  what: string,
  found: number,
  remedy: string,
): VaelabError =>
  new VaelabError("SPEC_COMBINATION", {
    message: `the ${part} is initialized from ${count} ${what}, but there are ${found}`,
    where: pointer,
    remedy,
  });

export interface ExampleRequest {
  /** Kind, type and place of the part that asks, for errors. */
  part: string;
  pointer: string;
  /** The fields that the encoder sees, and those that latents stand for, by latent: an example has to have them all. */
  inputs: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** Seed of the run; it chooses the examples. */
  seed: number;
}

export type ExampleSource = Pick<PriorContext, "examples" | "exampleRows">;

/** @returns what chooses training examples. Its functions throw SPEC_COMBINATION where there are too few. */
export const exampleSource = (
  { sizes, modeled }: Dataset,
  training: Split,
  { inputs, labels, seed, ...asking }: ExampleRequest,
): ExampleSource => {
  const exampleRows = (count: number): Int32Array => {
    if (count > sizes.train)
      throw refuse(asking, count, "training examples", sizes.train, "Give it fewer of them, or more data.");
    const rows = permutation(sizes.train, stream(seed, "init/examples"));
    const masks = training.observed?.(rows) ?? {};
    const partial = [...inputs, ...Object.values(labels)].filter((name) => name !== modeled && masks[name]);
    const whole = rows.filter((_, i) => partial.every((name) => masks[name]![i]! > 0.5));
    if (whole.length >= count) return whole.slice(0, count);
    const what = `training examples whose "${partial.join('", "')}" is known`;
    const remedy = "Give it fewer of them, or choose another that needs no examples, such as a Gaussian.";
    throw refuse(asking, count, what, whole.length, remedy);
  };
  return {
    exampleRows,
    examples: (count) => {
      const read = training.read(exampleRows(count));
      return { ...read, ...Object.fromEntries(Object.entries(labels).map(([name, field]) => [name, read[field]!])) };
    },
  };
};
