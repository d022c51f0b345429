/**
 * The fused op of an optimizer as a node. Its inputs, in order: handles of variables and slots, globals, rate, constants,
 * gradients.
 */
import { VaelabError } from "../../../errors.js";
import type { Source, UpdateEntry } from "../tape/tape.js";
import type { Node } from "./graph.js";

export interface FusedNames {
  name: string;
  handle(variable: string): string;
  value(source: Source): string;
  after: readonly string[];
  /** TensorFlow's number of float32. */
  float: number;
}

/** The node, preceded by its constants. Inputs that exist once per variable are grouped. */
export const fusedNodes = (update: UpdateEntry, { name, handle, value, after, float }: FusedNames): Node[] => {
  const { op, attributes, members, globals, learningRate } = update;
  const constants: Node[] = [];
  const known = <T>(record: Readonly<Record<string, T>>, key: string): T => {
    const found = record[key];
    if (found === undefined)
      throw new VaelabError("CONTRACT", { message: `${op} takes "${key}", which its optimizer does not have` });
    return found;
  };
  const inputs = update.inputs.flatMap((input) => {
    if ("variable" in input) return members.map(({ variable }) => handle(variable));
    if ("slot" in input) return members.map(({ slots }) => handle(known(slots, input.slot)));
    if ("gradient" in input) return members.map(({ gradient }) => value(gradient));
    if ("global" in input) return value(known(globals, input.global));
    if ("learningRate" in input) return value(learningRate);
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
  return [...constants, { name, op, inputs: [...inputs, ...after], attributes }];
};
