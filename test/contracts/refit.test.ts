/** A refitted encoder is a proposal alone: it changes what is inferred, never the prior, not even one that asks the encoder. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Host, HostTensors } from "../../src/contracts/program.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { refitEncoder } from "../../src/experiments/evaluation/refit.js";
import { batchOf, type KeyedBatch } from "../../src/inference/step.js";
import { inferenceNames } from "../../src/models/latent-variable-model.js";
import { normal, stream } from "../../src/numerics/streams.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadCase, loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { normals } from "../../src/testing/values.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";
import { computed } from "./support/programs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
/** Another encoder: every value that infers, moved. */
const other = (values: HostTensors, names: ReadonlySet<string>): HostTensors =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => names.has(name))
      .map(([name, { shape, data }]) => {
        const uniform = stream(8, name);
        return [name, { shape, data: Float32Array.from(data, (value) => value + 0.5 * normal(uniform)) }];
      }),
  );
const POINTS = 7;

const seen = ({ assembled: { model, store, initialValues } }: SetUp, inputs: Host<KeyedBatch>, overlay: boolean) => {
  const proposal = other(initialValues, inferenceNames(store));
  return computed(engine, store, initialValues, inputs, (fed, noise) => {
    const bound = Object.fromEntries(
      Object.entries(proposal).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
    const context = { ...calling(noise.fork("infer")), samples: 1 };
    const { z: site } = model.infer(batchOf(fed), { ...context, ...(overlay && { proposal: bound }) }).sites;
    const points = normals([POINTS, ...site!.p.eventShape]);
    const drawn = model.samplePrior(POINTS, calling(noise.fork("draws")));
    return {
      prior: site!.p.logProb(points),
      draws: drawn.z!,
      ownDraws: site!.p.sample(noise.fork("own"), "z", [POINTS]),
      posterior: (site!.q.center?.() ?? site!.q.mean?.())!,
    };
  });
};

for (const each of casesOfKind("prior"))
  test(`${each.name} is the same, to the byte, under another proposal`, async () => {
    const made = await setUp(await loadCase(each));
    const inputs = made.inputsAt(0);
    const [without, under] = [seen(made, inputs, false), seen(made, inputs, true)];
    for (const name of ["prior", "draws", "ownDraws"]) expect(under[name]).toEqual(without[name]);
    expect(under.posterior).not.toEqual(without.posterior);
  });

describe("a VampPrior under a refitted encoder", () => {
  const COMPONENTS = 5;
  const vamp = { model: { prior: { type: "vamp", components: COMPONENTS } } };

  test("is the mixture of the original encoder's posteriors, by a sum in float64", async () => {
    const made = await setUp(await loadWritten(vamp));
    const { model, store, initialValues } = made.assembled;
    const under = seen(made, made.inputsAt(0), true);
    // The pseudo-inputs as a batch of their own, through the encoder that was trained.
    const pseudo = initialValues["prior/pseudo-inputs/x"]!;
    const batch = {
      index: { shape: [COMPONENTS], data: Int32Array.from({ length: COMPONENTS }, (_, i) => i) },
      fields: { x: pseudo },
    };
    const { byComponent } = computed(engine, store, initialValues, batch, (fed, noise) => {
      const { z: site } = model.infer(batchOf(fed), { ...calling(noise), samples: 1 }).sites;
      return { byComponent: site!.q.logProb(tf.expandDims(normals([POINTS, ...model.latents.z!]), 1)) };
    });
    expect(byComponent!.shape).toEqual([POINTS, COMPONENTS]);
    for (let i = 0; i < POINTS; i++) {
      const terms = byComponent!.data.slice(i * COMPONENTS, (i + 1) * COMPONENTS);
      const expected = Math.log(Array.from(terms, Math.exp).reduce((sum, term) => sum + term, 0) / COMPONENTS);
      expect(under.prior!.data[i]).toBeCloseTo(expected, 4);
    }
  });

  test("the refit moves a copy of what infers alone, and leaves the trained values as they were", async () => {
    const made = await setUp(await loadWritten(vamp));
    const { assembled, dataset, spec, builder } = made;
    const parameters = structuredClone(assembled.initialValues);
    const optimizer = await builder.build(
      "optimizer",
      { type: "adam", learningRate: { type: "constant", value: 0.01 }, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      "/refit",
      { schedule: () => ({ totalSteps: 4 }) },
    );
    const refitted = await refitEncoder(
      { ...assembled, dataset, seed: spec.seed, parameters, runner: eagerRunner(engine.noise) },
      { epochs: 2, learningRate: 0.01, batchSize: 6, optimizer },
    );
    expect(parameters).toEqual(assembled.initialValues);
    expect(Object.keys(refitted).sort()).toEqual([...inferenceNames(assembled.store)].sort());
    for (const [name, { data }] of Object.entries(refitted)) expect(data).not.toEqual(parameters[name]!.data);
  });
});
