/** Questions that every training step is asked, whatever it is made of. */
import type { Terms } from "../contracts/objective.js";
import type { Host, HostTensor, HostTensors } from "../contracts/program.js";
import { capturedRunner } from "../engine/capture/runner.js";
import { eagerRunner, toHost, toTensor } from "../engine/eager.js";
import type { Engine } from "../engine/engine.js";
import { asCheckpoint } from "../experiments/training/checkpoint-tensors.js";
import { batchOf, stepContext } from "../inference/step.js";
import type { StepOutputs, StepState, TrainingInputs, TrainingProgram } from "../inference/training-program.js";
import { mapValues } from "../numerics/records.js";
import { gradientsOf } from "../tensor/autodiff.js";
import { keyedNoise } from "../tensor/keyed-noise.js";
import type { NoiseKernels } from "../tensor/noise-kernels.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import { assertFinite, assertNear, assertThat } from "./assertions.js";
import type { SetUp } from "./experiment.js";

export interface Stepping {
  program: TrainingProgram;
  inputsAt(step: number, keyStep?: number): Host<TrainingInputs>;
  variantAt(step: number): string;
}

/** The whole state by the names that a checkpoint has. */
export const namedState = (state: Host<StepState>): HostTensors => {
  const { model, optimizer } = asCheckpoint(state);
  return { ...model, ...optimizer };
};
type Tree = HostTensor | { readonly [name: string]: Tree };
const leaves = (tree: Tree, path: readonly string[]): [string, HostTensor][] =>
  Array.isArray(tree.shape)
    ? [[path.join("."), tree as HostTensor]]
    : Object.entries(tree as Record<string, Tree>).flatMap(([name, own]) =>
        leaves(own, ["terms", "byField", "byLatent"].includes(name) ? path : [...path, name]),
      );
/** "elbo.rate" of the phase "elbo", "elbo.z.kl" of a latent, "elbo.label.accuracy" of a field. */
export const namedOutputs = (outputs: Host<StepOutputs>): HostTensors =>
  Object.fromEntries(leaves(outputs as unknown as Tree, []));

export const assertAllFinite = (tensors: HostTensors): void => {
  for (const [name, { data }] of Object.entries(tensors)) assertFinite(`"${name}"`, data);
};

/** The same names, and values within `tolerance` times the larger of 1 and the expected value. */
export const assertSame = (what: string, found: HostTensors, expected: HostTensors, tolerance: number): void => {
  const [names, wanted] = [found, expected].map((each) => Object.keys(each).sort().join(", "));
  assertThat(names === wanted, `${what} has the tensors ${names}, expected ${wanted}`);
  for (const [name, { data }] of Object.entries(expected))
    assertNear(`"${name}" of ${what}`, found[name]!.data, data, tolerance);
};

/** Steps of both kinds: what they put out each time, and the state that they end in. @returns the state of the captured ones */
export const assertCapturedLikeEager = (
  engine: Engine,
  { program, inputsAt, variantAt }: Stepping,
  steps = 20,
): HostTensors => {
  const captured = capturedRunner(engine, { mode: "require" }).start(program);
  const eager = eagerRunner(engine.noise).start(program);
  try {
    for (let step = 0; step < steps; step++) {
      const outputs = namedOutputs(captured.call(inputsAt(step), variantAt(step)));
      assertAllFinite(outputs);
      const expected = namedOutputs(eager.call(inputsAt(step), variantAt(step)));
      assertSame(`captured step ${step}`, outputs, expected, 1e-4);
    }
    assertThat(captured.mode === "captured", `the step ran ${captured.mode}, expected captured`);
    const state = namedState(captured.readState());
    assertSame("the state after the captured steps", state, namedState(eager.readState()), 1e-3);
    return state;
  } finally {
    captured.dispose();
    eager.dispose();
  }
};

export const runEagerly = (
  kernels: NoiseKernels,
  { program, inputsAt, variantAt }: Stepping,
  steps: readonly number[],
): { outputs: HostTensors[]; state: HostTensors } => {
  const running = eagerRunner(kernels).start(program);
  try {
    const outputs = steps.map((step) => namedOutputs(running.call(inputsAt(step), variantAt(step))));
    return { outputs, state: namedState(running.readState()) };
  } finally {
    running.dispose();
  }
};

/** Steps leave no tensors behind, and neither does starting and disposing of a program. */
export const assertNoLeak = (engine: Engine, { program, inputsAt, variantAt }: Stepping): void => {
  const before = tf.memory().numTensors;
  const running = eagerRunner(engine.noise).start(program);
  const started = tf.memory().numTensors;
  for (let step = 0; step < 4; step++) running.call(inputsAt(step), variantAt(step));
  const left = tf.memory().numTensors - started;
  assertThat(left === 0, `four steps left ${left} tensors behind, expected none`);
  running.dispose();
  const kept = tf.memory().numTensors - before;
  assertThat(kept === 0, `a disposed program left ${kept} tensors behind, expected none`);
};

/** Everything that one step draws, in its order. */
export const drawsOf = (
  engine: Engine,
  { program, variantAt }: Stepping,
  inputs: Host<TrainingInputs>,
  step = 0,
): number[][] => {
  const draws: number[][] = [];
  const noting =
    (draw: (key: Tensor, shape: readonly number[]) => Tensor) =>
    (key: Tensor, shape: readonly number[]): Tensor => {
      const drawn = draw(key, shape);
      draws.push(Array.from(drawn.dataSync()));
      return drawn;
    };
  const { normal, uniform } = engine.noise;
  const running = eagerRunner({ normal: noting(normal), uniform: noting(uniform) }).start(program);
  running.call(inputs, variantAt(step));
  running.dispose();
  return draws;
};

export type Gradients = Record<string, HostTensor | null>;
/**
 * By trained parameter, over all phases: its gradient in the phases that move it; null where a loss does not reach it.
 * @param lossOf what is differentiated in place of a phase's loss
 */
export const gradientsAt = (
  engine: Engine,
  { assembled, dataset, program, inputsAt }: SetUp,
  step = 0,
  lossOf: (terms: Terms) => Scalar | undefined = ({ loss }) => loss,
): Gradients => {
  const found: Gradients = {};
  tf.tidy(() => {
    const { model, objective, store } = assembled;
    const { fields: fed, observed, scalars, index, key } = inputsAt(step);
    const inputs = { fields: mapValues(fed, toTensor), index: toTensor(index) };
    const masks = observed && { observed: mapValues(observed, toTensor) };
    const state = mapValues(program.initialState.parameters, toTensor);
    const trainable = store.parameters.filter((parameter) => parameter.trainable).map(({ name }) => name);
    for (const name of trainable) found[name] = null;
    for (const phase of objective.phases) {
      const names = trainable.filter((name) => phase.variables(name));
      const noise = keyedNoise(engine.noise, toTensor(key), phase.name);
      const { gradients, unused } = gradientsOf(Object.fromEntries(names.map((name) => [name, state[name]!])), () =>
        store.bind(state, () => {
          const batch = batchOf({ ...inputs, ...masks });
          const fields = dataset.transform?.(batch.fields, noise.fork("transform")) ?? batch.fields;
          const context = stepContext(
            { model, trainingSize: dataset.sizes.train },
            { batch: { ...batch, fields }, noise, training: true, scalars: mapValues(scalars, toTensor) },
          );
          return { loss: lossOf(phase.terms(context)) ?? tf.scalar(0), keep: {} };
        }),
      );
      for (const name of names) if (!unused.includes(name)) found[name] = toHost(gradients[name]!);
    }
  });
  return found;
};
