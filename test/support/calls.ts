/** How tests call parts of a model. */
import type { CallContext } from "../../src/contracts/call-context.js";
import { evaluationCall } from "../../src/inference/call.js";
import type { Noise } from "../../src/tensor/keyed-noise.js";

const noDraw = (): never => {
  throw new Error("this call must draw nothing");
};
const silent: Noise = { normal: noDraw, uniform: noDraw, fork: () => silent };

/** Schedules have their final values; a call without noise must draw nothing. */
export const calling = (noise: Noise = silent, training = false): CallContext => ({
  ...evaluationCall(noise),
  training,
});
