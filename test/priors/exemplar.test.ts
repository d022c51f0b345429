import { beforeAll, describe, expect, it } from "vitest";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { exemplar } from "../../src/priors/index.js";
import type { FieldSchema, Fields } from "../../src/tensor/fields.js";
import { type Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager } from "../../src/testing/steps.js";
import { computed } from "../contracts/support/programs.js";
import fixtures from "../fixtures/priors.json" with { type: "json" };
import { calling } from "../support/calls.js";
import { build, initialBindings, parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { differences, expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";
import { priorContext } from "./calls.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { means, logVariance, value, own, logProb, leftOut } = fixtures.exemplar;
const columns: FieldSchema = { kind: "vector", shape: [3], support: "real" };
/** The rows of the training split that the exemplars are. */
const ROWS = [17, 3, 40, 8];
/** Those of a batch: exemplars, and others. */
const INDEX = own.map((k, n) => (k < 0 ? 100 + n : ROWS[k]!));

const made = () => {
  const store = new ParameterStore();
  const context = priorContext(store, {
    inputs: { columns },
    examples: () => ({ columns: Float32Array.from(means.flat()) }),
    exampleRows: () => Int32Array.from(ROWS),
  });
  const prior = build(exemplar, { components: 4 }, context);
  const bindings: Bindings = { ...initialBindings(store), "prior/log-variance": tf.scalar(logVariance) };
  return { store, prior, bindings };
};
/** q(z | x) = N(x, 9 I): the prior has a variance of its own. */
const encode = ({ columns: x }: Fields): DiagonalGaussian => new DiagonalGaussian(x!, tf.fill([3], Math.log(9)));

describe("the exemplar prior", () => {
  it("is the mixture around posterior means, by SciPy's log-sum-exp", () => {
    const { store, prior, bindings } = made();
    const p = store.bind(bindings, () => prior.at({ parents: {}, encode, call: calling() }));
    expect([p.batchShape, p.eventShape]).toEqual([[], [3]]);
    expectClose(p.logProb(tensorOf(value)), logProb);
    expect(p.sample(noiseOf(engine), "z", [7]).shape).toEqual([7, 3]);
  });

  it("leaves each example out of the mixture that scores it in training", () => {
    const { store, prior, bindings } = made();
    const index = tf.tensor1d(INDEX, "int32");
    const p = store.bind(bindings, () => prior.at({ parents: {}, encode, call: calling(), index }));
    expect([p.batchShape, p.eventShape]).toEqual([[5], [3]]);
    expectClose(p.logProb(tensorOf([value, value])), [leftOut, leftOut]);
    // Draws of the first, which leaves out exemplar 1, come from the others.
    const draws = p.sample(noiseOf(engine), "z", [4000]);
    expect(draws.shape).toEqual([4000, 5, 3]);
    const kept = means.filter((_, k) => k !== own[0]);
    const [first] = tf.unstack(tf.mean(draws, 0));
    valuesOf(first!).forEach((mean, j) => {
      const centers = kept.map((row) => row[j]!);
      const center = centers.reduce((sum, each) => sum + each, 0) / 3;
      const variance = Math.exp(logVariance) + centers.reduce((sum, each) => sum + (each - center) ** 2, 0) / 3;
      expect(Math.abs(mean - center)).toBeLessThan(5 * Math.sqrt(variance / 4000));
    });
  });

  it("trains its variance and the encoder, and neither exemplars nor their rows", () => {
    const { store, prior, bindings } = made();
    const scale = store.scope("encoder")("scale", [3], () => Float32Array.of(0.5, 1, 2));
    const scaled = ({ columns: x }: Fields): DiagonalGaussian =>
      new DiagonalGaussian(tf.mul(x!, scale.value), tf.zeros([3]));
    const all: Bindings = { ...bindings, "encoder/scale": tensorOf([0.5, 1, 2]) };
    const index = tf.tensor1d(INDEX, "int32");
    const loss = (): Tensor =>
      tf.mean(prior.at({ parents: {}, encode: scaled, call: calling(), index }).logProb(tensorOf(value)));
    const gradients = parameterGradients(store, all, loss);
    expect(Object.keys(gradients)).toEqual(["prior/log-variance", "encoder/scale"]);
    for (const [name, gradient] of Object.entries(gradients)) {
      const slopes = differences((moved) => store.bind({ ...all, [name]: moved }, loss), all[name]!);
      expectClose(tf.reshape(gradient, [-1]), valuesOf(slopes), 2e-3);
      expect(Math.max(...valuesOf(tf.abs(gradient)))).toBeGreaterThan(1e-3);
    }
  });
});

describe("a spec with an exemplar prior", () => {
  const load = (model: object = {}) =>
    loadWritten({ model: { prior: { type: "exemplar", components: 12 }, ...model } });

  it("leaves out the right example of a batch in training, and none otherwise; captured as it is eagerly", async () => {
    const set = await setUp(await load());
    assertCapturedLikeEager(engine, set);
    const { model, store, initialValues } = set.assembled;
    const inputs = set.inputsAt(0);
    const scored = (training: boolean) =>
      computed(engine, store, initialValues, inputs, (batch, noise) => {
        const { q, p, value: z } = model.infer(batch, { ...calling(noise), training, samples: 1 }).sites.z!;
        return { z: tf.squeeze(z, [0]), logProb: tf.squeeze(p.logProb(z), [0]), means: q.mean!() };
      });
    // All twelve examples are exemplars, so the means of the batch are among those of the mixture.
    const [training, evaluation] = [scored(true), scored(false)];
    const rows = (x: { data: ArrayLike<number> }): number[][] =>
      Array.from({ length: 6 }, (_, n) => [0, 1, 2].map((j) => x.data[3 * n + j]!));
    const [z, centers] = [rows(training.z!), rows(training.means!)];
    for (const [n, value] of z.entries()) {
      const square = value.reduce((sum, each, j) => sum + (each - centers[n]![j]!) ** 2, 0);
      const ownDensity = Math.exp(-1.5 * Math.log(2 * Math.PI) - square / 2);
      const [without, whole] = [training, evaluation].map(({ logProb: x }) => Math.exp(x!.data[n]!));
      // 12 p(z) = 11 p(z without x_n) + N(z; m(x_n), I).
      expect(12 * whole!).toBeCloseTo(11 * without! + ownDensity, 4);
    }
  });

  it("refuses posteriors without a mean, and more exemplars than examples", async () => {
    await expect(load({ posterior: "flow" })).rejects.toThrow(/prior "exemplar" needs a posterior with "mean"/);
    await expect(load({ prior: { type: "exemplar", components: 13 } })).rejects.toThrow(
      /the prior "exemplar" is initialized from 13 training examples, but there are 12/,
    );
  });
});
