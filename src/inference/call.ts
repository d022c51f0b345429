/** How parts of a model are called: outside training, and by another name. */
import type { CallContext } from "../contracts/call-context.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { tf } from "../tensor/tensor.js";

/** Outside training: schedules have their final values, and losses are not asked for. */
export const evaluationCall = (noise: Noise): CallContext => ({
  training: false,
  noise,
  purpose: "data",
  scalar: ({ final }) => tf.scalar(final),
  loss: () => {},
});

/** The same call with noise of its own: its sites cannot clash with the caller's. */
export const forkCall = (call: CallContext, name: string, changes: Partial<CallContext> = {}): CallContext => ({
  ...callOf(call),
  noise: call.noise.fork(name),
  ...changes,
});

/** The call alone, of a context that extends it. */
const callOf = ({ training, noise, purpose, scalar, loss }: CallContext): CallContext => ({
  training,
  noise,
  purpose,
  scalar,
  loss,
});
