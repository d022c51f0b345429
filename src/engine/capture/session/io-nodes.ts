/**
 * How values enter and leave a concrete function. Each tensor costs a few microseconds, so fed scalars are packed into one
 * vector, and so are small results of one type.
 */

import type { HostTensors } from "../../../contracts/program.js";
import { type Shape, sizeOf } from "../../../tensor/fields.js";
import type { NativeBinding } from "../../native/backend.js";
import type { Slot } from "../../native/session-addon.js";
import type { Node } from "../lower/graph.js";
import type { Tape, TypedSource } from "../tape/tape.js";

/** Results of up to this many elements are read together. */
const SMALL = 64;

export interface Fetch {
  name: string;
  /** In their order within the vector. */
  outputs: readonly { name: string; shape: Shape; size: number }[];
}

const intConstant = (binding: NativeBinding, name: string, values: Int32Array, shape: Shape): Node => ({
  name,
  op: "Const",
  inputs: [],
  attributes: {
    dtype: { type: binding.TF_INT32 },
    value: { tensor: { dtype: binding.TF_INT32, shape, values } },
  },
});

/** Nodes that read the outputs, after everything that writes. */
export const fetchNodes = (
  binding: NativeBinding,
  prefix: string,
  tape: Tape,
  value: (source: TypedSource) => string,
  writers: readonly string[],
): { nodes: Node[]; fetches: Fetch[] } => {
  const nodes: Node[] = [];
  const fetches: Fetch[] = [];
  const fetch = (input: string, dtype: number, outputs: Fetch["outputs"]): void => {
    const name = `${prefix}/fetch_${fetches.length}`;
    nodes.push({ name, op: "Identity", inputs: [input, ...writers], attributes: { T: { type: dtype } } });
    fetches.push({ name: `${name}:0`, outputs });
  };
  const packed = new Map<number, { name: string; source: TypedSource }[]>();
  for (const [name, source] of Object.entries(tape.outputs)) {
    const size = sizeOf(source.shape);
    if (size <= SMALL) packed.set(source.dtype, [...(packed.get(source.dtype) ?? []), { name, source }]);
    else fetch(value(source), source.dtype, [{ name, shape: source.shape, size }]);
  }
  const int = binding.TF_INT32;
  for (const [dtype, group] of packed) {
    if (group.length === 1) {
      const { name, source } = group[0]!;
      fetch(value(source), dtype, [{ name, shape: source.shape, size: sizeOf(source.shape) }]);
      continue;
    }
    const base = `${prefix}/packed_${dtype}`;
    nodes.push(
      intConstant(binding, `${base}/flat`, Int32Array.of(-1), [1]),
      intConstant(binding, `${base}/axis`, Int32Array.of(0), []),
    );
    const flat = group.map(({ source }, i) => {
      const name = `${base}/${i}`;
      const attributes = { T: { type: dtype }, Tshape: { type: int } };
      nodes.push({ name, op: "Reshape", inputs: [value(source), `${base}/flat`], attributes });
      return name;
    });
    const attributes = { N: { int: flat.length }, T: { type: dtype }, Tidx: { type: int } };
    nodes.push({ name: base, op: "ConcatV2", inputs: [...flat, `${base}/axis`], attributes });
    fetch(
      base,
      dtype,
      group.map(({ name, source }) => ({ name, shape: source.shape, size: sizeOf(source.shape) })),
    );
  }
  if (fetches.length === 0) {
    nodes.push(intConstant(binding, `${prefix}/done`, Int32Array.of(1), []));
    fetch(`${prefix}/done`, int, []);
  }
  return { nodes, fetches };
};

/** Nodes that receive the inputs; scalars share one feed. */
export const inputNodes = (binding: NativeBinding, prefix: string, inputs: HostTensors) => {
  const names = Object.keys(inputs);
  const isScalar = (name: string): boolean =>
    inputs[name]!.shape.length === 0 && inputs[name]!.data instanceof Float32Array;
  const scalars = names.filter(isScalar);
  const together = scalars.length > 1 ? scalars : [];
  const feedOf = (node: string, dtype: number, shape: Shape): Slot => ({ name: `${node}:0`, dtype, shape });
  const placeholder = ({ name, dtype, shape }: Slot): Node => ({
    name: name.slice(0, -2),
    op: "Placeholder",
    inputs: [],
    attributes: { dtype: { type: dtype }, shape: { shape } },
  });
  const separate = names
    .filter((name) => !together.includes(name))
    .map((name) => {
      const { shape, data } = inputs[name]!;
      const dtype = data instanceof Int32Array ? binding.TF_INT32 : binding.TF_FLOAT;
      return { name, feed: feedOf(`${prefix}/input_${names.indexOf(name)}`, dtype, shape) };
    });
  const vector = feedOf(`${prefix}/scalars`, binding.TF_FLOAT, [together.length]);
  const nodes: Node[] = separate.map(({ feed }) => placeholder(feed));
  if (together.length > 0)
    nodes.push(placeholder(vector), {
      name: `${prefix}/scalar`,
      op: "Unpack",
      inputs: [`${prefix}/scalars`],
      attributes: { num: { int: together.length }, T: { type: binding.TF_FLOAT }, axis: { int: 0 } },
    });
  const node = (name: string): string => {
    const scalar = together.indexOf(name);
    if (scalar >= 0) return scalar === 0 ? `${prefix}/scalar` : `${prefix}/scalar:${scalar}`;
    return `${prefix}/input_${names.indexOf(name)}`;
  };
  return { nodes, node, separate, together, vector };
};
