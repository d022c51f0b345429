/**
 * Importance weights with a density r(z), known on the host, in the place of the prior: p(x | z) r(z) / q(z | x). Programs compute
 * ln p(x | z) - ln q(z | x) with the codes z, which are collected and scored together: each call of a density costs a start.
 */
import type { BlockOutput, CodeDensity } from "../../contracts/metric.js";
import type { Model } from "../../contracts/model.js";
import type { ElboTerms } from "../../inference/elbo-terms.js";
import { pointsOf } from "../../numerics/points.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

/** Values of codes that are held until they are scored: 16 MiB. */
const HELD = 2 ** 22;

/** ln p(x | z) - ln q(z | x), [S, B], and the codes, all latents side by side: [S, B, dimensions]. */
export const likelihoodRatios = (
  { latents }: Pick<Model, "latents">,
  { inferred, logLikelihood }: ElboTerms,
): { logWeights: Tensor; codes: Tensor } => {
  const sites = Object.keys(latents).map((latent) => inferred.sites[latent]!);
  const [samples, batch] = logLikelihood.shape as [number, number];
  return {
    logWeights: sites.reduce((sum: Tensor, { logQ }) => tf.sub(sum, logQ), logLikelihood),
    codes: tf.concat(
      sites.map(({ value }) => tf.reshape(value, [samples, batch, -1])),
      2,
    ),
  };
};

interface Block {
  /** First example. */
  start: number;
  rows: number;
}
export interface DensityBuffer {
  /** @param ratios of draws by example, examples innermost. @param codes [draws, rows, dimensions], of these draws and surplus ones */
  add(ratios: Float32Array, codes: BlockOutput, block: Block): Promise<void>;
  /** Scores what is held. */
  flush(): Promise<void>;
}

export const densityBuffer = (
  density: CodeDensity,
  receive: (example: number, logWeight: number) => void,
): DensityBuffer => {
  let held: { ratios: Float32Array; codes: Float32Array; examples: Int32Array }[] = [];
  let values = 0;
  const flush = async (): Promise<void> => {
    if (held.length === 0) return;
    const joined = <A extends Float32Array | Int32Array>(all: A, parts: readonly A[]): A => {
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    };
    const count = held.reduce((sum, { ratios }) => sum + ratios.length, 0);
    const ratios = joined(
      new Float32Array(count),
      held.map((each) => each.ratios),
    );
    const examples = joined(
      new Int32Array(count),
      held.map((each) => each.examples),
    );
    const codes = joined(
      new Float32Array(values),
      held.map((each) => each.codes),
    );
    held = [];
    const width = values / count;
    values = 0;
    const scores = await density(pointsOf(codes, width), examples);
    for (let i = 0; i < count; i++) receive(examples[i]!, ratios[i]! + scores[i]!);
  };
  return {
    flush,
    add: async (ratios, { shape, data }, { start, rows }) => {
      const codes = data.subarray(0, ratios.length * shape[2]!);
      held.push({ ratios, codes, examples: Int32Array.from(ratios, (_, at) => start + (at % rows)) });
      values += codes.length;
      if (values >= HELD) await flush();
    },
  };
};
