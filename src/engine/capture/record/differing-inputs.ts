/** Other values for the second recording: each one differs, and stays as near to what the program may expect as can be. */
import type { HostTensor, HostTensors } from "../../../contracts/program.js";
import { mapValues } from "../../../numerics/records.js";

/** Stays in [0, 1] where it was there, and keeps its sign. */
const otherReal = (value: number): number => (Number.isFinite(value) && value !== 0 ? 0.75 * value : 0.125);
/** Stays below the number of classes, and at least 0. */
const otherInteger = (value: number): number => (value > 0 ? value - 1 : value + 1);

const otherThan = ({ shape, data }: HostTensor): HostTensor => {
  if (data instanceof Int32Array) return { shape, data: data.map(otherInteger) };
  // A loop, for models have millions of weights, and "map" takes ten times as long.
  const other = new Float32Array(data.length);
  for (let i = 0; i < other.length; i++) other[i] = otherReal(data[i]!);
  return { shape, data: other };
};

export const differing = (tensors: HostTensors): HostTensors => mapValues(tensors, otherThan);
