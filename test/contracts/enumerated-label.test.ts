/** A discrete site that is summed over where it is not observed: the sums are exact, and one model carries both cases. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../src/contracts/index.js";
import type { Host, HostTensors } from "../../src/contracts/program.js";
import { columnSplit } from "../../src/data/split.js";
import { recordTwice } from "../../src/engine/capture/record/record-twice.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { metricContext } from "../../src/experiments/evaluation/metric-context.js";
import { distortionOf, elboTerms, logImportanceWeights, rateOf } from "../../src/inference/elbo-terms.js";
import { type BatchInputs, batchOf } from "../../src/inference/step.js";
import { activeUnits, elbo, iwaeNll } from "../../src/metrics/index.js";
import { stream } from "../../src/numerics/streams.js";
import type { Definition } from "../../src/spec/define.js";
import { tf } from "../../src/tensor/tensor.js";
import { assertCapturedLikeEager, assertNoLeak, runEagerly } from "../../src/testing/steps.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { measure } from "../support/measure.js";
import { enumeratedLabelModel, FIELDS, K, LATENT, PIXELS } from "./support/enumerated-label.js";
import { computed, stepOf } from "./support/programs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const B = 4;
const SAMPLES = 3;
/** @param observed 1 where the label is known. */
const fed = (observed: readonly number[], labels: readonly number[], name = "x"): Host<Required<BatchInputs>> => {
  const uniform = stream(9, name);
  return {
    index: { shape: [labels.length], data: Int32Array.from(labels.keys()) },
    fields: {
      x: {
        shape: [labels.length, PIXELS],
        data: Float32Array.from({ length: labels.length * PIXELS }, () => Number(uniform() < 0.4)),
      },
      y: { shape: [labels.length], data: Float32Array.from(labels) },
    },
    observed: { y: { shape: [labels.length], data: Float32Array.from(observed) } },
  };
};
const all = (value: number): number[] => Array(B).fill(value);

const ask = (inputs: Host<BatchInputs>, samples = SAMPLES): HostTensors => {
  const { model, store } = enumeratedLabelModel();
  return computed(engine, store, store.initialValues(1), inputs, (bound, noise) => {
    const batch = batchOf(bound);
    const inferred = model.infer(batch, { ...calling(noise.fork("infer")), samples });
    const evidence = elboTerms(model, batch, inferred, calling(noise.fork("generate")));
    const { y, z } = inferred.sites;
    return {
      bound: tf.neg(tf.add(distortionOf(evidence), rateOf(evidence))),
      importance: logImportanceWeights(evidence),
      weights: tf.sum(tf.exp(evidence.logWeights), 0),
      logQ: y!.logQ,
      logLikelihood: evidence.logLikelihood,
      logRatio: tf.sub(z!.logP, z!.logQ),
      value: z!.value,
    };
  });
};
const logSumExp = (values: readonly number[]): number => {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};
/** ln p(y) of the prior as it begins. */
const logPrior = (): number[] => {
  const { store } = enumeratedLabelModel();
  const logits = Array.from(store.initialValues(1)["prior/logits"]!.data);
  return logits.map((logit) => logit - logSumExp(logits));
};

describe("an enumerated label", () => {
  test("has its whole support for each draw, and weights that sum to 1, observed or not", () => {
    for (const observed of [all(0), all(1), [0, 1, 0, 1]]) {
      const { value, weights, logQ } = ask(fed(observed, [0, 1, 2, 0]));
      expect(value!.shape).toEqual([SAMPLES * K, B, LATENT]);
      expect(logQ!.shape).toEqual([SAMPLES * K, B]);
      for (const weight of weights!.data) expect(weight).toBeCloseTo(1, 5);
    }
  });

  test("its bound is logsumexp_y(-L_y) - KL(q(y | x) || softmax(-L)), L_y what the same model gives where y is observed", () => {
    const { bound, logQ } = ask(fed(all(0), all(0)));
    const labeled = Array.from({ length: K }, (_, y) => ask(fed(all(1), all(y))).bound!.data);
    for (let b = 0; b < B; b++) {
      const minusL = labeled.map((values) => values[b]!);
      const total = logSumExp(minusL);
      const q = Array.from({ length: K }, (_, y) => Math.exp(logQ!.data[y * B + b]!));
      const kl = q.reduce((sum, p, y) => sum + p * (Math.log(p) - (minusL[y]! - total)), 0);
      expect(kl).toBeGreaterThan(0.01);
      expect(Math.abs(bound!.data[b]! - (total - kl)) / Math.abs(bound!.data[b]!)).toBeLessThan(1e-5);
    }
  });

  test("an observed one counts alone: p(x | y, z) p(y) and no other label's", () => {
    const labels = [2, 0, 1, 1];
    const { importance } = ask(fed(all(1), labels));
    const { logLikelihood, logRatio } = ask(fed(all(0), labels));
    const prior = logPrior();
    for (let s = 0; s < SAMPLES; s++)
      for (let b = 0; b < B; b++)
        for (let y = 0; y < K; y++) {
          const at = (s * K + y) * B + b;
          const expected = logLikelihood!.data[at]! + logRatio!.data[at]! + prior[y]!;
          if (y === labels[b]) expect(importance!.data[at]).toBeCloseTo(expected, 4);
          else expect(importance!.data[at]).toBeLessThan(-1e29);
        }
  });

  test("one that is not is summed over, and not divided by q(y | x)", () => {
    const { importance, logLikelihood, logRatio } = ask(fed(all(0), all(0)));
    const prior = logPrior();
    importance!.data.forEach((weight, at) => {
      const y = Math.floor(at / B) % K;
      expect(weight).toBeCloseTo(logLikelihood!.data[at]! + logRatio!.data[at]! + prior[y]!, 4);
    });
  });

  test("observed and summed examples share a batch without touching each other", () => {
    const labels = [2, 0, 1, 1];
    const mixed = ask(fed([1, 0, 0, 1], labels)).bound!.data;
    const [known, unknown] = [ask(fed(all(1), labels)).bound!.data, ask(fed(all(0), labels)).bound!.data];
    expect(Array.from(mixed)).toEqual([known[0], unknown[1], unknown[2], known[3]]);
  });

  test("draws from the prior have its frequencies", () => {
    const { model, store } = enumeratedLabelModel();
    const count = 20_000;
    const { y } = computed(engine, store, store.initialValues(1), {}, (_, noise) => ({
      ...model.samplePrior(count, calling(noise)),
    }));
    logPrior().forEach((logP, k) => {
      const p = Math.exp(logP);
      const share = y!.data.filter((value, i) => i % K === k && value === 1).length / count;
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    });
  });

  test("trains half observed, as a graph as it does eagerly", () => {
    const { model, store } = enumeratedLabelModel();
    const stepping = stepOf(model, store, (step) =>
      fed([step % 2, 1, 0, 0], [step % K, 1, 2, (step + 1) % K], `step/${step}`),
    );
    runEagerly(engine.noise, stepping, [0]);
    assertNoLeak(engine, stepping);
    if (engine.name !== "native") return;
    const { program, inputsAt } = stepping;
    expect(recordTwice(program, engine.noise, inputsAt(0), { variant: "elbo", other: inputsAt(1) })).toEqual([]);
    const state = assertCapturedLikeEager(engine, stepping);
    for (const { name } of store.parameters) expect(state[name]).not.toEqual(program.initialState.parameters[name]);
  });
});

describe("metrics of a model with an enumerated site", () => {
  const dataset: Dataset = (() => {
    const rows = fed(all(0), all(1));
    const columns = {
      x: { width: PIXELS, values: rows.fields.x!.data as Float32Array },
      y: { width: 1, values: Float32Array.from(all(1)) },
    };
    const split = { ...columnSplit(columns, [0, 1, 2, 3]), observed: () => ({ y: new Float32Array(B) }) };
    const sizes = { train: B, validation: B, test: B };
    return { fields: FIELDS, modeled: "x", sizes, sha256: "0", split: () => split };
  })();
  const evaluate = (
    metric: Definition<"metric">,
    fields: object,
    change: (values: HostTensors) => HostTensors = (values) => values,
  ) => {
    const { model, store } = enumeratedLabelModel();
    const parameters = change(store.initialValues(1));
    const trained = { model, store, dataset, seed: 1, parameters, runner: eagerRunner(engine.noise) };
    return measure(metric, { ...fields }, metricContext(trained, "test", {}));
  };

  test("the bound by example is the mean of its draws, and the squared error of labels weighed by q", async () => {
    const samples = 400;
    const { perExample, measurements } = await evaluate(elbo, { samples });
    const exact = await evaluate(iwaeNll, { samples: 1000 });
    const nll = exact.perExample!.nll!;
    perExample!.elbo!.forEach((bound, b) => {
      // Other draws, so to within their spread; below the likelihood.
      expect(Math.abs(bound - ask(unlabeled(), 400).bound!.data[b]!)).toBeLessThan(0.25);
      expect(bound).toBeLessThan(-nll[b]! + 0.02);
    });
    // Each pixel's error lies in [0, 1].
    for (const error of perExample!.squaredError!) expect(error).toBeLessThan(PIXELS);
    expect(measurements.squaredError!.n).toBe(B);
  });

  test("the squared error is the expectation over labels: of a decoder that gives one half it is a quarter a pixel", async () => {
    const { perExample } = await evaluate(elbo, { samples: 5 }, (values) => ({
      ...values,
      "decoder/output/weights": { ...values["decoder/output/weights"]!, data: new Float32Array(5 * PIXELS) },
      "decoder/output/bias": { shape: [PIXELS], data: new Float32Array(PIXELS) },
    }));
    for (const error of perExample!.squaredError!) expect(error).toBeCloseTo(PIXELS / 4, 5);
  });

  test("active units count codes averaged over labels, an example at a time", async () => {
    const { measurements } = await evaluate(activeUnits, { threshold: 1e-6 });
    expect(measurements.activeUnits!.value).toBe(K + LATENT);
    expect(measurements.activeUnits!.note).toContain(`of ${K + LATENT}`);
  });
  const unlabeled = (): Host<BatchInputs> => fed(all(0), all(1));
});
