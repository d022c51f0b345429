/** Codes in levels that are drawn: what the decoder sees of them. */
import { beforeAll, expect, test } from "vitest";
import { residualGumbelSoftmax } from "../../../src/models/posteriors/residual-gumbel-softmax.js";
import { constant } from "../../../src/schedules/constant.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/codebooks.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { named } from "../../support/schedules.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const { x, codebooks, codes } = fixtures.residual;

test("the values of codes are their sums, and depth dropout shows the first levels alone in training", () => {
  const store = new ParameterStore();
  const temperature = named("temperature", build(constant, { type: "constant", value: 0.5 }, { totalSteps: 1 }));
  const q = build(
    residualGumbelSoftmax,
    { codes: codebooks[0]!.length, levels: 3, depthDropout: 0.5, temperature },
    { features: { features: [3] }, latent: [3], parameters: store.scope("q") },
  );
  const bindings = {
    "q/vectors/weights": tf.eye(3),
    "q/vectors/bias": tf.zeros([3]),
    ...Object.fromEntries(codebooks.map((vectors, i) => [`q/codebook-${i}/vectors`, tensorOf(vectors)])),
  };
  const sumOf = (path: readonly number[], levels: number): number[] =>
    path
      .slice(0, levels)
      .map((code, level) => codebooks[level]![code]!)
      .reduce((sum, vector) => sum.map((value, d) => value + vector[d]!), [0, 0, 0]);
  const uniform = (site: string, shape: readonly number[]) =>
    site === "depth-dropout"
      ? tf.tensor3d(
          [[...x.map(() => 0.9)], [...x.map((_, i) => (i < 4 ? 0.1 : 0.9))], [...x.map(() => 0.9)]].map((row) =>
            row.map((each) => [each]),
          ),
        )
      : tf.fill([...shape], 0.4);
  const call = calling(undefined, true);
  const noise = { ...call.noise, uniform };
  store.bind(bindings, () => {
    expectClose(
      q.codes!.embed(tf.oneHot(tf.tensor2d(codes, undefined, "int32"), codebooks[0]!.length)),
      codes.map((path) => sumOf(path, 3)),
      1e-5,
    );
    // Equal noise of all codes leaves the nearest ones.
    const drawn = q
      .at({ features: tensorOf(x) }, { parents: {}, call: { ...call, noise } })
      .sampleAndLogProb(noise, "z", []);
    expectClose(
      drawn.value,
      codes.map((path, i) => sumOf(path, i < 4 ? 1 : 3)),
      1e-5,
    );
  });
  expect(q.codes!.shape).toEqual([3, codebooks[0]!.length]);
});
