/** An objective as a program: each step runs the phases that are due, one after the other. */
import type { Objective } from "../contracts/objective.js";
import type { Host, Program } from "../contracts/program.js";
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import type { Bindings } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import {
  initialOptimizerState,
  type OptimizerState,
  type PhaseOptions,
  type PhaseOutputs,
  type PhaseState,
  phasePlans,
  runPhase,
  trainableNames,
  trainedGroup,
} from "./phase.js";
import type { StepInputs } from "./step.js";

export interface TrainingProgramOptions extends PhaseOptions {
  objective: Objective;
  /**
   * Averages of the trained variables are kept beside them: after each step, all phases done,
   * average = (1 - w) average + w variable, with w fed as `averageWeight`.
   */
  averaged?: boolean;
}

export interface TrainingInputs extends StepInputs {
  /** The weight of this step in the averages, where there are any. */
  averageWeight?: Tensor;
}
/** Parameters, copies and averages by the names of the parameters; optimizers by phase. */
export interface StepState extends PhaseState {
  averages: Bindings;
}
/** By phase. */
export type StepOutputs = Readonly<Record<string, PhaseOutputs>>;
export type TrainingProgram = Program<StepState, TrainingInputs, StepOutputs>;

/** The phases that run at this step: the variant of the program. */
export const phasesDue = (objective: Objective, step: number): string =>
  objective.phases
    .filter(({ every }) => step % every === 0)
    .map(({ name }) => name)
    .join("+");

const nextAverages = (averages: Bindings, variables: Bindings, weight: Tensor | undefined): Bindings => {
  if (!weight) throw new VaelabError("INTERNAL", { message: "the weight of a step in the averages is not fed" });
  const rest = tf.sub(1, weight);
  return mapValues(averages, (average, name) => tf.add(tf.mul(rest, average), tf.mul(weight, variables[name]!)));
};

export const trainingProgram = (options: TrainingProgramOptions): TrainingProgram => {
  const { model, objective, initialValues, copies = {}, averaged = false } = options;
  const plans = phasePlans(objective, options);
  const group = trainedGroup(options);
  const trainable = averaged ? trainableNames(options) : [];
  const optimizers = plans.map((plan) => [plan.phase.name, initialOptimizerState(plan, initialValues)] as const);
  const initialState: Host<StepState> = {
    parameters: initialValues,
    copies,
    averages: Object.fromEntries(trainable.map((name) => [name, initialValues[name]!])),
    optimizers: Object.fromEntries(optimizers),
  };
  return {
    name: `train ${Object.keys(model.latents).join(", ")}`,
    initialState,
    run: (state, inputs, tools, variant) => {
      const due = variant.split("+");
      let current: StepState = state;
      const changed: { trained: Record<string, Tensor>; optimizers: Record<string, OptimizerState> } = {
        trained: {},
        optimizers: {},
      };
      const outputs: Record<string, PhaseOutputs> = {};
      for (const plan of plans.filter(({ phase }) => due.includes(phase.name))) {
        const { name } = plan.phase;
        const result = runPhase(options, plan, current, inputs, tools);
        Object.assign(changed.trained, result.trained);
        changed.optimizers[name] = result.optimizer;
        outputs[name] = result.outputs;
        // The next phase sees what this one changed.
        current = {
          ...current,
          [group]: { ...current[group], ...result.trained },
          optimizers: { ...current.optimizers, [name]: result.optimizer },
        };
      }
      const averages = averaged ? nextAverages(state.averages, current[group], inputs.averageWeight) : {};
      return { outputs, state: { [group]: changed.trained, optimizers: changed.optimizers, averages } };
    },
  };
};
