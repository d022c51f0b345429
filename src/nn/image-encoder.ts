/** The last part of an image encoder: flattens the maps, appends inputs that are not images, and applies dense layers. */
import type { Encoder } from "../contracts/encoder.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { tf } from "../tensor/tensor.js";
import type { ImageFields } from "./inputs.js";
import type { CalledLayer } from "./layer.js";

/** @param layers builds the dense layers for a number of inputs. */
export const imageEncoder = (
  images: ImageFields,
  maps: { network: CalledLayer; shape: Shape },
  layers: (inputs: number) => { outputs: number; apply: CalledLayer },
): Encoder => {
  const size = sizeOf(maps.shape);
  const { outputs, apply } = layers(size + images.rest.size);
  return {
    features: { features: [outputs] },
    encode: (fields, context) => {
      const flat = tf.reshape(maps.network(images.apply(fields), context), [-1, size]);
      const joined = images.rest.size > 0 ? tf.concat([flat, images.rest.apply(fields)], 1) : flat;
      return { features: apply(joined, context) };
    },
  };
};
