/** Converts the attributes of an op from the binding's form to that of a graph. */
import { VaelabError } from "../../../errors.js";
import type { NativeBinding, OpAttribute } from "../../native/backend.js";
import type { Attribute, Attributes } from "../tape/tape.js";

const attributeOf = (binding: NativeBinding, { name, type, value }: OpAttribute): Attribute => {
  const list = Array.isArray(value) ? [...value] : undefined;
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_INT:
      return list ? { ints: list as number[] } : { int: value as number };
    case binding.TF_ATTR_FLOAT:
      return list ? { floats: list as number[] } : { float: value as number };
    case binding.TF_ATTR_BOOL:
      return list ? { bools: list as boolean[] } : { bool: value as boolean };
    case binding.TF_ATTR_STRING:
      return { string: value as string };
    case binding.TF_ATTR_SHAPE:
      return { shape: list as number[] };
    default:
      throw new VaelabError("INTERNAL", { message: `the attribute "${name}" is of the unknown kind ${type}` });
  }
};

/** Type attributes that a graph must state but tfjs-node lets TensorFlow infer: op → attribute → index of the input. */
const INFERRED: Readonly<Record<string, Readonly<Record<string, number>>>> = { ExpandDims: { T: 0, Tdim: 1 } };

/** @param types of the op's inputs. */
export const attributesOf = (
  binding: NativeBinding,
  op: string,
  given: readonly OpAttribute[],
  types: readonly number[],
): Attributes => {
  const attributes: Record<string, Attribute> = {};
  for (const [name, input] of Object.entries(INFERRED[op] ?? {})) attributes[name] = { type: types[input]! };
  for (const attribute of given) attributes[attribute.name] = attributeOf(binding, attribute);
  return attributes;
};
