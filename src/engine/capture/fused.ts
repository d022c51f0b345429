/** An optimizer's fused op as a node: handles of the variable and its slots, globals, rate, constants, gradient, in its order. */
import { VaelabError } from "../../core/errors.js";
import type { Node } from "./graph.js";
import type { Attributes, Source, UpdateEntry } from "./tape.js";

export interface FusedNames {
  name: string;
  handle(variable: string): string;
  value(source: Source): string;
  after: readonly string[];
  /** TensorFlow's number of float32. */
  float: number;
}

/** The node, and before it its constants. */
export const fusedNodes = (update: UpdateEntry, { name, handle, value, after, float }: FusedNames): Node[] => {
  const { fused, variable, slots, globals, gradient, learningRate, dtype } = update;
  const constants: Node[] = [];
  const known = <T>(record: Readonly<Record<string, T>>, key: string): T => {
    const found = record[key];
    if (found === undefined)
      throw new VaelabError("CONTRACT", { message: `${fused.op} takes "${key}", which its optimizer does not have` });
    return found;
  };
  const inputs = fused.inputs.map((input) => {
    if ("variable" in input) return handle(variable);
    if ("slot" in input) return handle(known(slots, input.slot));
    if ("global" in input) return value(known(globals, input.global));
    if ("learningRate" in input) return value(learningRate);
    if ("gradient" in input) return value(gradient);
    const constant = `${name}/constant_${constants.length}`;
    constants.push({
      name: constant,
      op: "Const",
      inputs: [],
      attributes: {
        dtype: { type: float },
        value: { tensor: { dtype: float, shape: [], values: Float32Array.of(input.constant) } },
      },
    });
    return constant;
  });
  const attributes: Attributes = {
    T: { type: dtype },
    ...Object.fromEntries(Object.entries(fused.attributes).map(([key, bool]) => [key, { bool }])),
  };
  return [...constants, { name, op: fused.op, inputs: [...inputs, ...after], attributes }];
};
