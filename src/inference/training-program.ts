/**
 * An objective as a program: for each phase that is due, its terms, their gradients, clipping, and the optimizer's update.
 *
 *     state   variables by their own names; `optimizer/PHASE/VARIABLE/SLOT`; `optimizer/PHASE/GLOBAL`; `average/VARIABLE`
 *     inputs  `field/NAME`, `observed/NAME`, `index`, `scalar/NAME`, `key`
 *     outputs `PHASE.loss`, `PHASE.gradientNorm`, `PHASE.TERM`
 */
import type { Inferred } from "../contracts/inferred.js";
import type { Model } from "../contracts/model.js";
import type { Objective, Phase, StepContext } from "../contracts/objective.js";
import type { Optimizer } from "../contracts/optimizer.js";
import type { HostTensor, Program, ProgramTools } from "../contracts/program.js";
import type { Schedule } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import { gradientsOf } from "../tensor/autodiff.js";
import type { Batch, Fields } from "../tensor/fields.js";
import { keyedNoise, type Noise } from "../tensor/keyed-noise.js";
import type { Bindings, ParameterStore } from "../tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import { updateVariable } from "./update.js";

export interface TrainingProgramOptions {
  model: Model;
  objective: Objective;
  optimizer: Optimizer;
  store: ParameterStore;
  initialValues: Readonly<Record<string, HostTensor>>;
  trainingSize: number;
  clipNorm?: number;
  /**
   * Means of the trained variables are kept beside them: after each step, all phases done,
   * average = (1 - w) average + w variable, with w fed as `scalar/average`.
   */
  averaged?: boolean;
  /**
   * Instead of the parameters themselves, copies of some of them are trained: those whose names stand in `initialValues`
   * behind this prefix. The inference network reads the copies, everything else the originals.
   */
  copies?: string;
  /** Of the data set: runs inside the step, on the fields as fed. */
  transform?: (fields: Fields, noise: Noise) => Fields;
}

/** The phases that run at this step: the variant of the program. */
export const phasesDue = (objective: Objective, step: number): string =>
  objective.phases
    .filter(({ every }) => step % every === 0)
    .map(({ name }) => name)
    .join("+");

/** Inputs whose names begin with `prefix/`, without it. */
export const inputsUnder = (inputs: Bindings, prefix: string): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
  );

export const batchOf = (inputs: Bindings): Batch => {
  const observed = inputsUnder(inputs, "observed");
  const index = inputs.index;
  if (!index) throw new VaelabError("INTERNAL", { message: "a program that reads a batch was fed no index" });
  return { fields: inputsUnder(inputs, "field"), index, ...(Object.keys(observed).length > 0 && { observed }) };
};

/** The fed value of a schedule. @throws CONTRACT where it is not fed */
const scalarOf = ({ name }: Schedule, inputs: Bindings): Scalar => {
  const value = name === undefined ? undefined : inputs[`scalar/${name}`];
  if (value) return value as Scalar;
  throw new VaelabError("CONTRACT", {
    message: name === undefined ? "a step read a schedule without a name" : `the schedule "${name}" is not fed`,
    remedy: "Derive a schedule from another with `schedule.derive(name, curve)`, when the component is created.",
  });
};

interface StepInputs {
  batch: Batch;
  noise: Noise;
  training: boolean;
  inputs: Bindings;
  proposal?: Bindings;
}
/** What an objective sees of a step, in training and in validation alike. */
export const stepContext = (
  options: Pick<TrainingProgramOptions, "model" | "trainingSize">,
  { batch, noise, training, inputs, proposal }: StepInputs,
): StepContext => {
  let inferred: Inferred | undefined;
  const infer = (samples: number): Inferred => {
    const context = { samples, training, noise: noise.fork("infer"), ...(proposal && { proposal }) };
    inferred = options.model.infer(batch, context);
    return inferred;
  };
  return {
    batch,
    noise,
    training,
    model: options.model,
    trainingSize: options.trainingSize,
    scalar: (schedule) => scalarOf(schedule, inputs),
    infer,
    inferred: () => inferred ?? infer(1),
  };
};

const slotName = (phase: Phase, variable: string, slot: string): string =>
  `optimizer/${phase.name}/${variable}/${slot}`;
const globalName = (phase: Phase, name: string): string => `optimizer/${phase.name}/${name}`;

const clip = (gradients: Bindings, norm: Scalar, limit: number | undefined): Bindings => {
  if (limit === undefined) return gradients;
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
};

/** The state under which a variable's mean over the steps is kept. */
export const AVERAGE = "average/";

export const trainingProgram = (options: TrainingProgramOptions): Program => {
  const { model, objective, store, initialValues } = options;
  const { copies } = options;
  const trainable = store.parameters
    .filter(({ name, trainable }) => trainable && (copies === undefined || `${copies}${name}` in initialValues))
    .map(({ name }) => `${copies ?? ""}${name}`);
  const plans = objective.phases.map((phase) => ({
    phase,
    optimizer: phase.optimizer ?? options.optimizer,
    variables: trainable.filter((name) => phase.variables(name)),
  }));
  for (const { phase, variables } of plans) {
    if (variables.length === 0)
      throw new VaelabError("CONTRACT", { message: `the phase "${phase.name}" selects no trained parameter` });
  }

  const initialState: Record<string, HostTensor> = { ...initialValues };
  for (const { phase, optimizer, variables } of plans) {
    for (const variable of variables) {
      const { shape, data } = initialValues[variable]!;
      for (const slot of optimizer.slots)
        initialState[slotName(phase, variable, slot)] = { shape, data: new Float32Array(data.length) };
    }
    for (const [name, value] of Object.entries(optimizer.globals))
      initialState[globalName(phase, name)] = { shape: [], data: Float32Array.of(value) };
  }

  if (options.averaged) for (const variable of trainable) initialState[AVERAGE + variable] = initialValues[variable]!;
  const averages = (state: Bindings, inputs: Bindings): Bindings => {
    const weight = inputs["scalar/average"];
    if (!weight) throw new VaelabError("INTERNAL", { message: "the weight of a step in the averages is not fed" });
    const rest = tf.sub(1, weight);
    return Object.fromEntries(
      trainable.map((variable) => {
        const name = AVERAGE + variable;
        return [name, tf.add(tf.mul(rest, state[name]!), tf.mul(weight, state[variable]!))];
      }),
    );
  };

  const runPhase = (
    { phase, optimizer, variables }: (typeof plans)[number],
    state: Bindings,
    inputs: Bindings,
    tools: ProgramTools,
  ) => {
    const noise = keyedNoise(tools.kernels, inputs.key!, phase.name);
    const parameters = Object.fromEntries(store.parameters.map(({ name }) => [name, state[name]!]));
    const proposal =
      copies === undefined
        ? undefined
        : Object.fromEntries(
            Object.keys(initialValues).flatMap((name) =>
              name.startsWith(copies) ? [[name.slice(copies.length), state[name]!]] : [],
            ),
          );
    let assigned: string[] = [];
    const { gradients, kept } = gradientsOf(Object.fromEntries(variables.map((name) => [name, state[name]!])), () =>
      store.bind(parameters, () => {
        const fed = batchOf(inputs);
        const batch = options.transform
          ? { ...fed, fields: options.transform(fed.fields, noise.fork("transform")) }
          : fed;
        const collected = store.collectAssignments(() =>
          phase.terms(stepContext(options, { batch, noise, training: true, inputs, ...(proposal && { proposal }) })),
        );
        const { loss, terms, vectors } = collected.result;
        assigned = Object.keys(collected.assigned).map((name) => `${copies ?? ""}${name}`);
        const keep: Record<string, Tensor> = { "term/loss": loss };
        for (const [name, term] of Object.entries({ ...terms, ...vectors })) keep[`term/${name}`] = term;
        // Of copies, too, the statistics alone are assigned: the originals are frozen, and called as outside training.
        for (const [name, value] of Object.entries(collected.assigned)) keep[`assign/${copies ?? ""}${name}`] = value;
        return { loss, keep };
      }),
    );
    const norm = tf.sqrt(tf.addN(Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient))))) as Scalar;
    const clipped = clip(gradients, norm, options.clipNorm);
    const learningRate = scalarOf(optimizer.learningRate, inputs);
    const globals = Object.fromEntries(Object.keys(optimizer.globals).map((name) => [name, globalName(phase, name)]));

    const changed: Record<string, Tensor> = Object.fromEntries(assigned.map((name) => [name, kept[`assign/${name}`]!]));
    for (const variable of variables) {
      const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, slotName(phase, variable, slot)]));
      Object.assign(
        changed,
        updateVariable(tools, state, {
          optimizer,
          variable,
          slots,
          globals,
          gradient: clipped[variable]!,
          learningRate,
        }),
      );
    }
    const advanced = optimizer.advance(
      Object.fromEntries(Object.entries(globals).map(([name, path]) => [name, state[path] as Scalar])),
    );
    for (const [name, value] of Object.entries(advanced)) changed[globalName(phase, name)] = value;

    const outputs: Record<string, Tensor> = { [`${phase.name}.gradientNorm`]: norm };
    for (const [name, tensor] of Object.entries(inputsUnder(kept, "term"))) outputs[`${phase.name}.${name}`] = tensor;
    return { outputs, changed };
  };

  return {
    name: `train ${Object.keys(model.latents).join(", ")}`,
    initialState,
    run: (state, inputs, tools, variant) => {
      const due = variant.split("+");
      const current: Record<string, Tensor> = { ...state };
      const changed: Record<string, Tensor> = {};
      const outputs: Record<string, Tensor> = {};
      // Phases run one after the other: the second sees what the first one changed.
      for (const plan of plans.filter(({ phase }) => due.includes(phase.name))) {
        const result = runPhase(plan, current, inputs, tools);
        Object.assign(current, result.changed);
        Object.assign(changed, result.changed);
        Object.assign(outputs, result.outputs);
      }
      if (options.averaged) Object.assign(changed, averages(current, inputs));
      return { outputs, state: changed };
    },
  };
};
