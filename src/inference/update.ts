/** An optimizer's update in plain tensor ops, which every backend runs and the fused op is compared with; and weight decay. */

import type { Optimizer } from "../contracts/optimizer.js";
import type { ProgramTools, VariableUpdate } from "../contracts/program.js";
import { tf } from "../tensor/tensor.js";

export const applyUpdate: ProgramTools["update"] = ({ optimizer, at: _, ...values }) => optimizer.update(values);

/** x -= rate * gradient. With x as its own gradient this is weight decay, fused like any update. */
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

/** The next values of a variable and its slots: decayed if the optimizer says so, then updated. @param name of the parameter */
export const updateVariable = (
  { update }: ProgramTools,
  name: string,
  each: VariableUpdate & { optimizer: Optimizer },
): ReturnType<ProgramTools["update"]> => {
  const { optimizer, variable, learningRate, at } = each;
  const { decay } = optimizer;
  if (!decay || decay.rate === 0 || !decay.applies(name, variable.shape)) return update(each);
  const decayed = update({
    optimizer: descent,
    variable,
    slots: {},
    globals: {},
    gradient: variable,
    learningRate: tf.mul(learningRate, decay.rate),
    at: { variable: at.variable, slots: {} },
  });
  return update({ ...each, variable: decayed.variable });
};
