/** What holds of every combination that validation lets pass: it trains, samples, encodes, scores, and is the same when it is read again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ResolvedFields } from "../../../../src/contracts/kinds.js";
import type { Host, HostTensors, ProgramRunner } from "../../../../src/contracts/program.js";
import { capturedRunner } from "../../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../../src/engine/eager.js";
import type { Engine } from "../../../../src/engine/engine.js";
import type { Trained } from "../../../../src/experiments/evaluation/evaluation-program.js";
import { encodeRows } from "../../../../src/experiments/evaluation/generation.js";
import { metricContext } from "../../../../src/experiments/evaluation/metric-context.js";
import { rowsFrom } from "../../../../src/experiments/training/batches.js";
import { assertParameters } from "../../../../src/experiments/training/checked-tensors.js";
import { asCheckpoint } from "../../../../src/experiments/training/checkpoint-tensors.js";
import type { StepOutputs, StepState } from "../../../../src/inference/training-program.js";
import type { Experiment } from "../../../../src/registry/experiment.js";
import { readCheckpoint, writeCheckpoint } from "../../../../src/storage/checkpoint.js";
import { assertFinite, assertThat } from "../../../../src/testing/assertions.js";
import { type SetUp, setUp } from "../../../../src/testing/experiment.js";
import { assertAllFinite, namedOutputs } from "../../../../src/testing/steps.js";
import { measureBuilt } from "../../../support/measure.js";
import { STEPS } from "./factors.js";

const SAMPLES = 8;

/**
 * The loss of each phase of the objective, without the penalties of regularizers that a network of their own works against: those may
 * rise while both sides learn.
 */
const lossesOf = (outputs: Host<StepOutputs>, { spec }: SetUp): Record<string, number> => {
  const phases = Object.keys(outputs);
  const adversarial = (spec.regularizers ?? []).filter(({ type }) =>
    phases.some((phase) => phase === type || phase.startsWith(`${type}/`)),
  );
  const isOfAdversary = (phase: string) =>
    adversarial.some(({ type }) => phase === type || phase.startsWith(`${type}/`));
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([phase]) => !isOfAdversary(phase))
      .map(([phase, { loss, terms }]) => {
        const against = adversarial.reduce((sum, { type }) => sum + (terms[type]?.data[0] ?? 0), 0);
        return [phase, loss.data[0]! - against];
      }),
  );
};

const isZero = (schedule: unknown): boolean =>
  isDeepStrictEqual(schedule, { type: "constant", value: 0 } satisfies ResolvedFields);

/**
 * At beta 0 a regularizer alone trains the prior, by its draws, whose gradient does not reach every parameter: the weights of a mixture,
 * for one, have none.
 */
const isLeftToDraws = (name: string, { assembled, spec }: SetUp): boolean =>
  /(^|\/)prior\//.test(name) && isZero(spec.objective.beta) && assembled.objective.matchesPrior === true;

/** Steps of a graph: the losses at one batch and noise fall, and every trained parameter moves. */
const trained = (runner: ProgramRunner, made: SetUp): Host<StepState> => {
  const { program, inputsAt, variantAt, assembled } = made;
  const running = runner.start(program);
  try {
    const call = (step: number) => {
      const outputs = running.call(inputsAt(step), variantAt(step));
      assertAllFinite(namedOutputs(outputs));
      return outputs;
    };
    const before = lossesOf(call(0), made);
    for (let step = 1; step < STEPS; step++) call(step);
    const state = running.readState();
    const after = lossesOf(call(0), made);
    assertThat(running.mode === "captured", `the step ran ${running.mode}, expected captured`);
    const initial = program.initialState.parameters;
    const unmoved = assembled.store.parameters.filter(
      ({ name, trainable }) =>
        trainable && !isLeftToDraws(name, made) && isDeepStrictEqual(state.parameters[name]!.data, initial[name]!.data),
    );
    assertThat(unmoved.length === 0, `no gradient reaches ${unmoved.map(({ name }) => name).join(", ")}`);
    for (const [phase, loss] of Object.entries(after))
      assertThat(
        loss < before[phase]!,
        `the loss of "${phase}" went from ${before[phase]} to ${loss} in ${STEPS} steps, expected less`,
      );
    return state;
  } finally {
    running.dispose();
  }
};

const figuresOf = async (runner: ProgramRunner, made: SetUp, parameters: HostTensors) => {
  const { assembled, dataset, spec, builder } = made;
  const { matchesPrior = false } = assembled.objective;
  const model: Trained = { ...assembled, dataset, seed: spec.seed, parameters, runner, matchesPrior };
  const samplers = await Promise.all(
    spec.evaluation.samplers.map(async (fields, i) => ({
      name: fields.type,
      sampler: await builder.build("sampler", fields, `/evaluation/samplers/${i}`, {
        optimizer: () => ({}),
        schedule: () => ({ totalSteps: 1 }),
      }),
    })),
  );
  const warn = (message: string): never => assertThat(false, message) as never;
  const context = metricContext(model, "test", { samplers, warn });
  const measured: Record<string, unknown> = {};
  for (const [i, fields] of spec.evaluation.metrics.entries()) {
    const metric = await builder.build("metric", fields, `/evaluation/metrics/${i}`, { metric: () => ({}) });
    const { measurements } = await measureBuilt(builder.definition("metric", fields.type), metric, context);
    for (const [name, { value, note }] of Object.entries(measurements)) {
      if (value === null) assertThat(note !== undefined, `the figure "${name}" has no value, expected the reason why`);
      else assertFinite(`the figure "${name}"`, [value]);
    }
    Object.assign(measured, measurements);
  }
  const { codes } = await encodeRows(model, "test", rowsFrom(0, dataset.sizes.test));
  assertFinite("the codes", codes);
  const drawn = [];
  for (const { source, draw } of context.sampling.samples) {
    const rows = await draw(SAMPLES);
    if (typeof rows !== "string") assertFinite(`samples of ${JSON.stringify(source)}`, rows.values);
    drawn.push(rows);
  }
  return { measured, codes, drawn };
};

/** @throws an error that says what does not hold */
export const checkCombination = async (engine: Engine, experiment: Experiment): Promise<void> => {
  const made = await setUp(experiment);
  const state = trained(capturedRunner(engine, { mode: "require" }), made);
  // What a graph computes, it computes eagerly: laws of components and metrics say so. Few examples are quicker without one.
  const runner = eagerRunner(engine.noise);
  const figures = await figuresOf(runner, made, state.parameters);
  const folder = mkdtempSync(join(tmpdir(), "vaelab-cover-"));
  try {
    writeCheckpoint(folder, STEPS, { ...asCheckpoint(state), state: {} });
    const { model } = readCheckpoint(folder, STEPS, (message) => assertThat(false, message));
    const again = await setUp(experiment);
    assertParameters(model, again.assembled.store.parameters, folder);
    const reread = await figuresOf(runner, again, model);
    assertThat(isDeepStrictEqual(reread, figures), "read from its checkpoint it has other figures, expected the same");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
