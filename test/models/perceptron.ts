/** Parameters as the networks' fixture has them, and the calls of a component outside a model. */

import type { CallContext } from "../../src/contracts/index.js";
import type { Engine } from "../../src/engine/engine.js";
import type { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { calling } from "../support/calls.js";
import { noiseOf } from "../support/tensors.js";

/** Weights sin(phase + i) and biases cos(phase + i), the phase one more for each layer in the order of declaration. */
export const sineBindings = (store: ParameterStore, firstPhase = 0): Record<string, Tensor> =>
  Object.fromEntries(
    store.parameters.map(({ name, shape }, i) => {
      const phase = firstPhase + Math.floor(i / 2);
      const wave = name.endsWith("/weights") ? Math.sin : Math.cos;
      const size = shape.reduce((product, axis) => product * axis, 1);
      return [
        name,
        tf.tensor(
          Float32Array.from({ length: size }, (_, j) => wave(phase + j)),
          [...shape],
        ),
      ];
    }),
  );

export const evaluating = (engine: Engine): CallContext => calling(noiseOf(engine));
