/** One phase of a training step: its terms, their gradients, clipping, and the update of its variables. */
import type { Model } from "../contracts/model.js";
import type { Objective, Phase } from "../contracts/objective.js";
import type { Optimizer } from "../contracts/optimizer.js";
import type { Host, HostTensors, ProgramTools } from "../contracts/program.js";
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import { gradientsOf } from "../tensor/autodiff.js";
import type { Fields } from "../tensor/fields.js";
import { keyedNoise, type Noise } from "../tensor/keyed-noise.js";
import type { Bindings, ParameterStore } from "../tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import { assertPhases, assertTerms } from "./checks.js";
import { type LoggedTerms, loggedTerms } from "./logged-terms.js";
import { batchOf, type StepInputs, scalarOf, stepContext } from "./step.js";
import { updateVariable } from "./update.js";

export interface PhaseOptions {
  model: Model;
  optimizer: Optimizer;
  store: ParameterStore;
  /** Initial values of all parameters, by name. */
  initialValues: HostTensors;
  trainingSize: number;
  clipNorm?: number;
  /**
   * Copies of some parameters, by their names, which are trained in the place of the parameters themselves. The inference network
   * reads the copies, everything else the originals.
   */
  copies?: HostTensors;
  /** Transform of the data set. It runs inside the step, on the fields as fed. */
  transform?: (fields: Fields, noise: Noise) => Fields;
}

export interface OptimizerState {
  /** By variable, then by slot. */
  slots: Readonly<Record<string, Bindings>>;
  globals: Bindings;
}
/** What a phase reads and changes of the program's state. */
export interface PhaseState {
  parameters: Bindings;
  copies: Bindings;
  optimizers: Readonly<Record<string, OptimizerState>>;
}

export interface PhasePlan {
  phase: Phase;
  optimizer: Optimizer;
  /** Names of what it moves, in the group of what is trained. */
  variables: readonly string[];
}

/** The group of the state that holds what is trained. */
export const trainedGroup = ({ copies }: Pick<PhaseOptions, "copies">): "copies" | "parameters" =>
  copies ? "copies" : "parameters";

export const trainableNames = ({ store, copies }: Pick<PhaseOptions, "store" | "copies">): string[] =>
  store.parameters
    .filter(({ name, trainable }) => trainable && (copies === undefined || name in copies))
    .map(({ name }) => name);

/** @throws CONTRACT at a phase that moves nothing */
export const phasePlans = (objective: Objective, options: PhaseOptions): PhasePlan[] => {
  assertPhases(objective);
  const trainable = trainableNames(options);
  return objective.phases.map((phase) => {
    const variables = trainable.filter((name) => phase.variables(name));
    if (variables.length === 0)
      throw new VaelabError("CONTRACT", { message: `the phase "${phase.name}" selects no trained parameter` });
    return { phase, optimizer: phase.optimizer ?? options.optimizer, variables };
  });
};

export const initialOptimizerState = (
  { optimizer, variables }: PhasePlan,
  initialValues: HostTensors,
): Host<OptimizerState> => {
  const slotsOf = (variable: string): HostTensors => {
    const { shape, data } = initialValues[variable]!;
    return Object.fromEntries(optimizer.slots.map((slot) => [slot, { shape, data: new Float32Array(data.length) }]));
  };
  return {
    slots: Object.fromEntries(variables.map((variable) => [variable, slotsOf(variable)])),
    globals: mapValues(optimizer.globals, (value) => ({ shape: [], data: Float32Array.of(value) })),
  };
};

const clip = (gradients: Bindings, norm: Scalar, limit: number | undefined): Bindings => {
  if (limit === undefined) return gradients;
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return mapValues(gradients, (gradient) => tf.mul(gradient, factor));
};

const pick = (tensors: Bindings, names: readonly string[]): Bindings =>
  Object.fromEntries(names.map((name) => [name, tensors[name]!]));

/** The gradients of the phase's loss, its terms, and what statistics were assigned on the way. */
const differentiate = (
  options: PhaseOptions,
  { phase, variables }: PhasePlan,
  state: PhaseState,
  inputs: StepInputs,
  noise: Noise,
) => {
  const { store, transform, copies } = options;
  const found = gradientsOf(pick(state[trainedGroup(options)], variables), () =>
    store.bind(state.parameters, () => {
      const fed = batchOf(inputs);
      const batch = transform ? { ...fed, fields: transform(fed.fields, noise.fork("transform")) } : fed;
      const { scalars } = inputs;
      const step = { batch, noise, training: true, scalars, ...(copies && { proposal: state.copies }) };
      const { result, assigned } = store.collectAssignments(() => phase.terms(stepContext(options, step)));
      assertTerms(phase.name, result);
      return { loss: result.loss, keep: { terms: loggedTerms(result), assigned } };
    }),
  );
  if (found.unused.length === variables.length)
    throw new VaelabError("CONTRACT", {
      message: `the loss of the phase "${phase.name}" does not depend on any of the ${variables.length} parameters that it trains`,
      remedy: "Compute the loss of what the model infers and generates; dataSync and stopGradient cut it off.",
    });
  return found;
};

/** The next values of the phase's variables, and of its optimizer's slots and globals. */
const moved = (
  options: PhaseOptions,
  { phase, optimizer, variables }: PhasePlan,
  state: PhaseState,
  gradients: Bindings,
  learningRate: Scalar,
  tools: ProgramTools,
): { variables: Bindings; optimizer: OptimizerState } => {
  const group = trainedGroup(options);
  const { slots, globals } = state.optimizers[phase.name]!;
  const place = (variable: string, slot: string) => ["optimizers", phase.name, "slots", variable, slot];
  const updates = variables.map((variable) => {
    const own = slots[variable] ?? {};
    const at = { variable: [group, variable], slots: mapValues(own, (_, slot) => place(variable, slot)) };
    const each = { optimizer, variable: state[group][variable]!, slots: own, gradient: gradients[variable]!, at };
    const shared = { globals: globals as Readonly<Record<string, Scalar>>, learningRate };
    return [variable, updateVariable(tools, variable, { ...each, ...shared })] as const;
  });
  return {
    variables: Object.fromEntries(updates.map(([name, { variable }]) => [name, variable])),
    optimizer: {
      slots: Object.fromEntries(updates.map(([name, next]) => [name, next.slots])),
      globals: optimizer.advance(globals as Readonly<Record<string, Scalar>>),
    },
  };
};

/** What a phase logs in a training step. */
export type PhaseOutputs = LoggedTerms & { readonly gradientNorm: Tensor };
export interface PhaseResult {
  outputs: PhaseOutputs;
  /** In the group of what is trained. Of copies, too, the statistics are assigned: the originals are called as outside training. */
  trained: Bindings;
  optimizer: OptimizerState;
}

/** What is shared with generation has no copy, and a refit leaves it as it is. */
const assignedIn = (options: PhaseOptions, state: PhaseState, assigned: Bindings): Bindings =>
  options.copies
    ? pick(
        assigned,
        Object.keys(assigned).filter((name) => name in state.copies),
      )
    : assigned;

export const runPhase = (
  options: PhaseOptions,
  plan: PhasePlan,
  state: PhaseState,
  inputs: StepInputs,
  tools: ProgramTools,
): PhaseResult => {
  const noise = keyedNoise(tools.kernels, inputs.key, plan.phase.name);
  const { gradients, kept } = differentiate(options, plan, state, inputs, noise);
  const norm: Tensor = tf.sqrt(tf.addN(Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)))));
  const clipped = clip(gradients, norm as Scalar, options.clipNorm);
  const learningRate = scalarOf(plan.optimizer.learningRate, inputs.scalars);
  const { variables, optimizer } = moved(options, plan, state, clipped, learningRate, tools);
  return {
    outputs: { gradientNorm: norm, ...kept.terms },
    trained: { ...assignedIn(options, state, kept.assigned), ...variables },
    optimizer,
  };
};
