/** The end of an encoder of images: maps flattened, what is no image joined to them, then dense layers. */
import type { Encoder } from "../contracts/encoder.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { tf } from "../tensor/tensor.js";
import type { ImageFields } from "./inputs.js";
import type { CalledLayer } from "./layer.js";

/** @param layers makes the dense layers for that many inputs. */
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
