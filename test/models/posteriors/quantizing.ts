/** A posterior with codebooks by itself: its vectors are its features, and its codebooks those of a fixture. */
import type { CallContext } from "../../../src/contracts/call-context.js";
import type { Draw } from "../../../src/contracts/distribution.js";
import type { residualQuantized } from "../../../src/models/posteriors/residual-quantized.js";
import type { vectorQuantized } from "../../../src/models/posteriors/vector-quantized.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/codebooks.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { tensorOf } from "../../support/tensors.js";

export const { grouped, residual } = fixtures;
type Row = typeof grouped | typeof residual;

const identity = (size: number): Tensor => tf.eye(size);
/** A posterior whose vectors are its features, with the codebooks of a fixture. */
export const posteriorOf = (
  definition: typeof vectorQuantized | typeof residualQuantized,
  fields: object,
  { codebooks }: Row,
  width: number,
) => {
  const store = new ParameterStore();
  const posterior = build(
    definition as typeof vectorQuantized,
    { codes: codebooks[0]!.length, ...fields },
    { features: { features: [width] }, latent: [width], parameters: store.scope("q") },
  );
  const bindings: Record<string, Tensor> = {
    "q/vectors/weights": identity(width),
    "q/vectors/bias": tf.zeros([width]),
  };
  for (const [i, vectors] of codebooks.entries()) {
    bindings[`q/codebook-${i}/vectors`] = tensorOf(vectors);
    bindings[`q/codebook-${i}/counts`] = tf.zeros([vectors.length]);
    bindings[`q/codebook-${i}/sums`] = tf.zeros([vectors.length, vectors[0]!.length]);
  }
  /** @param uniform the draws of uniform noise; without it, the call must draw nothing */
  const at = (
    features: Tensor,
    {
      training = false,
      more = {},
      uniform,
    }: { training?: boolean; more?: Record<string, Tensor>; uniform?: Tensor } = {},
  ) => {
    const losses: Record<string, Scalar> = {};
    const call: CallContext = {
      ...calling(undefined, training),
      loss: (name, value) => {
        losses[name] = value;
      },
    };
    const bound = { ...bindings, ...more };
    const noise = { ...call.noise, ...(uniform && { uniform: () => uniform }), fork: () => call.noise };
    const silent = { ...call, noise };
    const q = store.bind(bound, () => posterior.at({ features }, { parents: {}, call: silent }));
    return { q, losses, draw: q.sampleAndLogProb(call.noise, "z", []) as Draw };
  };
  return { posterior, store, bindings, at };
};
