/** Values of latents that are scored once more, with the inference network fixed, under the dropout of their draws. */
import { beforeAll, expect, test } from "vitest";
import { toTensor } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { batchOf, stepContext } from "../../src/inference/step.js";
import { mapValues } from "../../src/numerics/records.js";
import { gradientsOf } from "../../src/tensor/autodiff.js";
import { keyedNoise } from "../../src/tensor/keyed-noise.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const dropped = {
  type: "layers",
  layers: ["flatten", { type: "dense", units: 6, activation: "tanh" }, { type: "dropout", rate: 0.5 }],
};
const ladder = {
  encoder: dropped,
  latents: {
    z1: {
      size: 2,
      inferredFrom: ["x", "z2"],
      generatedFrom: ["z2"],
      prior: { type: "gaussian", hidden: [4] },
      encoder: dropped,
    },
    z2: { size: 3 },
  },
};

test("the densities of a ladder at its own draws are those of the draws, with a gradient in the values alone", async () => {
  const { assembled, inputsAt } = await setUp(await loadWritten({ model: ladder }));
  const { model, store, initialValues } = assembled;
  tf.tidy(() => {
    const { fields, index, key } = inputsAt(0);
    const state = mapValues(initialValues, toTensor);
    const batch = batchOf({ fields: mapValues(fields, toTensor), index: toTensor(index) });
    const step = () =>
      stepContext(
        { model, trainingSize: 12 },
        { batch, noise: keyedNoise(engine.noise, toTensor(key)), training: true, scalars: {} },
      );
    const values = store.bind(state, () => {
      const first = step();
      const drawn = first.infer(2).sites;
      const again = first.inferAt(
        mapValues(drawn, ({ value }) => value),
        { fixed: true },
      ).sites;
      for (const name of ["z1", "z2"]) {
        expectClose(again[name]!.logQ, drawn[name]!.logQ.arraySync() as number[][], 1e-5);
        expectClose(again[name]!.logP, drawn[name]!.logP.arraySync() as number[][], 1e-5);
      }
      return mapValues(drawn, ({ value }) => value);
    });
    // The parameters of q(z1 | z2, x) have a gradient in z2.
    const logQ = (z2: Tensor): Tensor =>
      store.bind(state, () => {
        const fresh = step();
        fresh.infer(2);
        return tf.sum(fresh.inferAt({ ...values, z2 }, { fixed: true }).sites.z1!.logQ);
      });
    expect(Math.max(...valuesOf(expectGradient(logQ, values.z2!, 0.02)).map(Math.abs))).toBeGreaterThan(1e-3);
    const { unused } = gradientsOf(state, () =>
      store.bind(state, () => {
        const fresh = step();
        fresh.infer(2);
        const { sites } = fresh.inferAt(values, { fixed: true });
        return { loss: tf.sum(tf.add(sites.z1!.logQ, sites.z2!.logQ)), keep: {} };
      }),
    );
    expect(unused.sort()).toEqual(Object.keys(state).sort());
  });
});
