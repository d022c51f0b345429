/** Parameters of a posterior as dense layers of the encoder's feature map "features". */
import type { FeatureMaps } from "../../contracts/call-context.js";
import type { PosteriorContext } from "../../contracts/posterior.js";
import { VaelabError } from "../../errors.js";
import { dense } from "../../nn/index.js";
import { type Shape, sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

/**
 * @returns a function that declares an output by name: feature maps → [N, ...shape]
 * @throws CONTRACT if the encoder provides no such map
 */
export const featureOutputs = ({
  features: { features },
  parameters,
}: Pick<PosteriorContext, "features" | "parameters">): ((
  name: string,
  shape: Shape,
) => (maps: FeatureMaps) => Tensor) => {
  if (!features) throw new VaelabError("CONTRACT", { message: 'the encoder provides no "features" output' });
  const inputs = sizeOf(features);
  return (name, shape) => {
    const layer = dense(parameters.scope(name), inputs, sizeOf(shape));
    return (maps) => tf.reshape(layer(tf.reshape(maps.features!, [-1, inputs])), [-1, ...shape]);
  };
};
