/** An optimizer's update in plain tensor ops: what every backend runs, and what the fused op is compared with. */
import type { Bindings } from "./parameters.js";
import type { VariableUpdate } from "./program.js";
import type { Scalar, Tensor } from "./tensor.js";

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
