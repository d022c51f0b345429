/** Fields of networks and layers that choose the initial weights. */
import {
  INITIALIZERS,
  type Initializer,
  type InitializerName,
  NAMED_INITIALIZERS,
  scaled,
} from "../tensor/initializers.js";
import { type Activation, initializerBefore } from "./activations.js";

/** For `properties` of a schema. */
export const INITIALIZATION = {
  initializer: {
    enum: INITIALIZERS,
    description:
      "Initializer of the weights. Default: he-normal before a rectifier, lecun-normal before selu, glorot-uniform elsewhere",
  },
  gain: {
    type: "number",
    exclusiveMinimum: 0,
    description: 'Scale of the initial weights; for "normal", their standard deviation',
  },
} as const;

export interface Initialization {
  initializer?: InitializerName;
  gain?: number;
  /** The activation after the weights. */
  activation?: Activation;
}

/** @param inherited chooses the initializer if no name is given */
export const initializerOf = (
  { initializer, gain, activation = "identity" }: Initialization,
  inherited: (before: Activation) => Initializer = initializerBefore,
): Initializer => {
  const chosen = initializer === undefined ? inherited(activation) : NAMED_INITIALIZERS[initializer];
  return gain === undefined ? chosen : scaled(chosen, gain);
};
