/** Layers of a list, one after the other. */
import type { LayerContext, LayerPlan } from "../contracts/layer.js";
import type { Shape } from "../tensor/fields.js";
import { type CalledLayer, sequence } from "./layer.js";

/** A list of layers, for a schema; without description. */
export const LAYERS = { type: "array", items: { type: "object", component: "layer" }, minItems: 1 } as const;

/** Parameters stand in scopes "0", "1", ... of the one given. @throws SPEC_COMBINATION where one does not fit */
export const connectLayers = (
  plans: readonly LayerPlan[],
  { input, parameters, name, initializer }: Omit<LayerContext, "output">,
): { output: Shape; apply: CalledLayer } => {
  let shape = input;
  const layers = plans.map((plan, i) => {
    const output = plan.shape(shape);
    const layer = plan.connect({
      input: shape,
      output,
      parameters: parameters.scope(String(i)),
      name: name === "" ? String(i) : `${name}/${i}`,
      initializer,
    });
    shape = output;
    return layer;
  });
  return { output: shape, apply: sequence(layers) };
};
