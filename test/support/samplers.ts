/** A sampler that fits its density at once and needs no engine. */
import type { Points } from "../../src/numerics/points.js";
import type { Stream } from "../../src/numerics/streams.js";
import type { Definition } from "../../src/spec/define.js";
import { build } from "./components.js";

/** What such a sampler learned. */
export interface Fit {
  sample(count: number, uniform: Stream): Points;
  logProb(points: Points): Float64Array;
  note: string;
}

export const fittedTo = (definition: Definition<"sampler">, fields: object, codes: Points, uniform: Stream): Fit => {
  const learned = build(definition, { ...fields }, {}).learn(codes, uniform, { runner: undefined as never });
  if (learned instanceof Promise) throw new Error("the density is fitted later than it is asked for");
  return learned as Fit;
};
