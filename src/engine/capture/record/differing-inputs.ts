/** Values for the second recording. Each one differs from the first and stays in the range that the program expects. */
import type { HostTensor, HostTensors } from "../../../contracts/program.js";
import { mapValues } from "../../../numerics/records.js";

/** Keeps the sign, and stays in [0, 1] if it was there. */
const otherReal = (value: number): number => (Number.isFinite(value) && value !== 0 ? 0.75 * value : 0.125);
/** Stays in 0 ... classes - 1. */
const otherInteger = (value: number): number => (value > 0 ? value - 1 : value + 1);

const otherThan = ({ shape, data }: HostTensor): HostTensor => {
  if (data instanceof Int32Array) return { shape, data: data.map(otherInteger) };
  // A loop, because models have millions of weights and "map" takes ten times as long.
  const other = new Float32Array(data.length);
  for (let i = 0; i < other.length; i++) other[i] = otherReal(data[i]!);
  return { shape, data: other };
};

export const differing = (tensors: HostTensors): HostTensors => mapValues(tensors, otherThan);
