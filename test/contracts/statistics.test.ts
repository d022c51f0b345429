/** Statistics of a network (those of batch normalization) in whole experiments: trained, validated, refitted and asked by a prior. */

import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensor, HostTensors } from "../../src/contracts/program.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { refitEncoder } from "../../src/experiments/evaluation/refit.js";
import { batchOf } from "../../src/inference/step.js";
import { mapValues } from "../../src/numerics/records.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { runEagerly } from "../../src/testing/steps.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { computed } from "./support/programs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const NORMALIZED = { type: "conv", filters: [3], hidden: [4], normalization: "batch" };
const isStatistic = (name: string): boolean => /batch-norm\/(mean|variance)$/.test(name);
const statisticsOf = (values: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(values).filter(([name]) => isStatistic(name)));

describe("statistics of a batch", () => {
  test("are state that training moves, in the encoder and in the decoder that mirrors it", async () => {
    const made = await setUp(await loadWritten({ model: { encoder: NORMALIZED, decoder: { type: "conv" } } }));
    const before = statisticsOf(made.program.initialState.parameters);
    expect(Object.keys(before).sort()).toEqual(
      ["encoder/conv-0", "encoder/dense-0", "decoder/dense-0", "decoder/maps"]
        .flatMap((layer) => [`${layer}/batch-norm/mean`, `${layer}/batch-norm/variance`])
        .sort(),
    );
    const after = statisticsOf(runEagerly(engine.noise, made, [0, 1]).state);
    for (const [name, { data }] of Object.entries(before)) expect([name, after[name]!.data]).not.toEqual([name, data]);
  });

  test("outside training make an example's features its own, whatever stands beside it", async () => {
    const made = await setUp(await loadWritten({ model: { encoder: NORMALIZED } }));
    const { model, store } = made.assembled;
    const { state } = runEagerly(engine.noise, made, [0, 1, 2]);
    const meansOf = (rows: number) => {
      const { fields, index } = made.inputsAt(0);
      const first = ({ shape, data }: HostTensor): HostTensor => ({
        shape: [rows, ...shape.slice(1)],
        data: data.slice(0, (data.length / 6) * rows),
      });
      const inputs = { fields: mapValues(fields, first), index: first(index) };
      return computed(engine, store, state, inputs, (fed, noise) => {
        const { z: site } = model.infer(batchOf(fed), { ...calling(noise), samples: 1 }).sites;
        return { mean: site!.q.mean!() };
      }).mean!.data;
    };
    const [all, two] = [meansOf(6), meansOf(2)];
    for (const [i, value] of two.entries()) expect(all[i]).toBeCloseTo(value, 5);
  });
});

describe("pseudo-inputs", () => {
  test("leave the statistics alone: after a step they are what the data make them, whatever the prior", async () => {
    const statisticsAfterStep = async (prior: object) => {
      const made = await setUp(await loadWritten({ model: { encoder: NORMALIZED, prior } }));
      return statisticsOf(runEagerly(engine.noise, made, [0]).state);
    };
    const [gaussian, vamp] = [
      await statisticsAfterStep({ type: "gaussian" }),
      await statisticsAfterStep({ type: "vamp", components: 5 }),
    ];
    expect(Object.keys(gaussian).some((name) => name.startsWith("encoder/"))).toBe(true);
    for (const name of Object.keys(gaussian).filter((each) => each.startsWith("encoder/")))
      expect([name, vamp[name]]).toEqual([name, gaussian[name]]);
  });
});

describe("a refit", () => {
  const refit = async (prior: object) => {
    const made = await setUp(await loadWritten({ model: { encoder: NORMALIZED, prior } }));
    const { assembled, dataset, spec, builder } = made;
    const { state } = runEagerly(engine.noise, made, [0, 1]);
    const parameters = Object.fromEntries(Object.keys(assembled.initialValues).map((name) => [name, state[name]!]));
    const optimizer = await builder.build(
      "optimizer",
      { type: "adam", learningRate: { type: "constant", value: 0.01 }, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      "/refit",
      { schedule: () => ({ totalSteps: 4 }) },
    );
    const refitted = await refitEncoder(
      {
        ...assembled,
        dataset,
        seed: spec.seed,
        parameters: structuredClone(parameters),
        runner: eagerRunner(engine.noise),
      },
      { epochs: 2, learningRate: 0.01, batchSize: 6, optimizer },
    );
    return { parameters, refitted };
  };

  test.each([{ type: "gaussian" }, { type: "vamp", components: 5 }])(
    "under the prior %j moves the copy's own statistics",
    async (prior) => {
      const { parameters, refitted } = await refit(prior);
      const statistics = Object.keys(refitted).filter(isStatistic);
      expect(statistics.length).toBe(4);
      for (const name of statistics) expect(refitted[name]!.data).not.toEqual(parameters[name]!.data);
    },
  );
});
