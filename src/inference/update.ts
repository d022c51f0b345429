/** An optimizer's update in plain tensor ops, which every backend runs and the fused op is compared with; and its weight decay. */

import type { Optimizer } from "../contracts/optimizer.js";
import type { ProgramTools, VariableUpdate } from "../contracts/program.js";
import type { Bindings } from "../tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

export const applyUpdate = (
  state: Bindings,
  { optimizer, variable, slots, globals, gradient, learningRate }: VariableUpdate,
): Bindings => {
  const result = optimizer.update({
    variable: state[variable]!,
    gradient,
    slots: Object.fromEntries(Object.entries(slots).map(([slot, path]) => [slot, state[path]!])),
    globals: Object.fromEntries(Object.entries(globals).map(([name, path]) => [name, state[path] as Scalar])),
    learningRate,
  });
  const changed: Record<string, Tensor> = { [variable]: result.variable };
  for (const [slot, value] of Object.entries(result.slots)) changed[slots[slot]!] = value;
  return changed;
};

/** x -= rate * gradient. With x itself for its gradient it is weight decay, fused as any update is. */
const descent: VariableUpdate["optimizer"] = {
  update: ({ variable, gradient, learningRate }) => ({
    variable: tf.sub(variable, tf.mul(learningRate, gradient)),
    slots: {},
  }),
  fused: {
    op: "ResourceApplyGradientDescent",
    inputs: [{ variable: true }, { learningRate: true }, { gradient: true }],
    attributes: { use_locking: false },
  },
};

/** A variable's next value and slots: decayed where the optimizer says so, then updated. */
export const updateVariable = (
  { update }: ProgramTools,
  state: Bindings,
  { optimizer, ...each }: VariableUpdate & { optimizer: Optimizer },
): Bindings => {
  const { variable, learningRate } = each;
  const value = state[variable]!;
  const { decay } = optimizer;
  if (!decay || decay.rate === 0 || !decay.applies(variable, value.shape)) return update(state, { ...each, optimizer });
  const decayed = update(state, {
    optimizer: descent,
    variable,
    slots: {},
    globals: {},
    gradient: value,
    learningRate: tf.mul(learningRate, decay.rate),
  });
  return { ...decayed, ...update({ ...state, ...decayed }, { ...each, optimizer }) };
};
