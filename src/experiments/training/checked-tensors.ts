/** Tensors of a file, compared with what a model holds before any of them is used: native code trusts shapes and types. */
import type { HostTensor, HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import type { Shape } from "../../tensor/fields.js";

const describe = ({ shape, data }: HostTensor): string =>
  `${data instanceof Int32Array ? "int32" : "float32"} [${shape.join(", ")}]`;

const refused = (where: string, message: string): VaelabError =>
  new VaelabError("CHECKPOINT", {
    message,
    where,
    remedy: "The file belongs to another model or is damaged: put the run's own back, or start the run again.",
  });

/** @returns the float32 tensor of that name. @throws CHECKPOINT */
export const takeTensor = (tensors: HostTensors, name: string, shape: Shape, where: string): HostTensor => {
  const found = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  const expected = `float32 [${shape.join(", ")}]`;
  if (!found) throw refused(where, `it has no tensor "${name}", which the model needs as ${expected}`);
  if (describe(found) !== expected)
    throw refused(where, `its tensor "${name}" is ${describe(found)}, and the model needs ${expected}`);
  return found;
};

/** @throws CHECKPOINT unless the tensors are those of the parameters, by name, shape and type */
export const assertParameters = (
  tensors: HostTensors,
  parameters: readonly { readonly name: string; readonly shape: Shape }[],
  where: string,
): void => {
  for (const { name, shape } of parameters) takeTensor(tensors, name, shape, where);
  const known = new Set(parameters.map(({ name }) => name));
  const extra = Object.keys(tensors).find((name) => !known.has(name));
  if (extra !== undefined) throw refused(where, `it holds "${extra}", which the model has no use for`);
};
