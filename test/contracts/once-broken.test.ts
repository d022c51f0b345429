/** Combinations that once neither trained nor were refused. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { loadWritten, setUp, type Written } from "../../src/testing/experiment.js";
import { assertLearns } from "../../src/testing/laws/step.js";
import { gradientsAt } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const LADDER = {
  latents: { z1: { size: 2, inferredFrom: ["x", "z2"], generatedFrom: ["z2"] }, z2: { size: 2 } },
  generatedFrom: ["z1"],
};
const OWN = { latents: { z: { size: 2, inferredFrom: ["data"] } } };

const COMBINATIONS: Readonly<Record<string, Written>> = {
  "Hamiltonian dynamics through a decoder that resizes maps": {
    model: { posterior: { type: "hamiltonian", steps: 2 }, decoder: { type: "resnet", filters: [2, 2] } },
  },
  "Hamiltonian dynamics through elu": {
    model: { posterior: { type: "hamiltonian", steps: 2 }, decoder: { type: "mlp", hidden: [4], activation: "elu" } },
  },
  "a penalty on the decoder's gradient where the decoder does not see the top of a ladder": {
    model: LADDER,
    regularizers: [{ type: "decoder-gradient-penalty" }],
  },
  "a VampPrior of posteriors that are mixtures, whose draws a penalty reads": {
    model: { posterior: "mixture-of-experts", prior: { type: "vamp", components: 3 } },
    regularizers: [{ type: "mmd" }],
  },
  "wake-sleep with several outputs": {
    model: { outputs: { x: {}, label: { likelihood: "categorical", decoder: { type: "mlp", hidden: [3] } } } },
    objective: { type: "wake-sleep" },
  },
  "the weights of the decoders of several fields, shrunk": {
    model: { outputs: { x: {}, label: { likelihood: "categorical", decoder: { type: "mlp", hidden: [3] } } } },
    regularizers: [{ type: "decoder-weight-norm" }],
  },
  "a latent with a network of its own, and no other that reads the encoder": { model: OWN },
  "a classifier of the encoder's features that no latent reads": {
    model: { ...OWN, heads: [{ type: "classifier", input: "features" }] },
  },
};

describe("trains", () => {
  test("a posterior on a sphere whose features are 0, with a bounded gradient", async () => {
    const model = { latents: { z: { size: 3, posterior: "von-mises-fisher", prior: "hypersphere-uniform" } } };
    const made = await setUp(await loadWritten({ model }));
    const { initialState } = made.program;
    for (const [name, { data }] of Object.entries(initialState.parameters))
      if (name.startsWith("encoder/")) data.fill(0);
    for (const gradient of Object.values(gradientsAt(engine, made)))
      for (const value of gradient!.data) expect(Math.abs(value)).toBeLessThan(1e4);
  });

  test.each(Object.keys(COMBINATIONS))("%s", async (name) => {
    assertLearns(engine, await setUp(await loadWritten(COMBINATIONS[name]!)));
  });
});

test("an encoder that nothing reads has no parameters", async () => {
  const namesOf = async (model: object): Promise<string[]> =>
    (await setUp(await loadWritten({ model }))).assembled.store.parameters.map(({ name }) => name);
  const isOfEncoder = (name: string): boolean => name.startsWith("encoder/");
  expect((await namesOf(OWN)).filter(isOfEncoder)).toEqual([]);
  expect((await namesOf(LADDER)).filter(isOfEncoder)).not.toEqual([]);
});
