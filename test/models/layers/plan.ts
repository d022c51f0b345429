/** A layer as the registry makes it, connected to an input shape. */
import type { ConnectedLayer, LayerPlan } from "../../../src/contracts/index.js";
import type { Definition } from "../../../src/spec/define.js";
import type { Shape } from "../../../src/tensor/fields.js";
import { zeros } from "../../../src/tensor/initializers.js";
import { type ParameterScope, ParameterStore } from "../../../src/tensor/parameters.js";
import { build } from "../../support/components.js";

export const plan = (definition: Definition<"layer">, fields: Readonly<Record<string, unknown>> = {}): LayerPlan =>
  build(definition, fields, {});

export const connect = (
  layer: LayerPlan,
  input: Shape,
  parameters: ParameterScope = new ParameterStore().scope(),
): ConnectedLayer =>
  layer.connect({ input, output: layer.shape(input), parameters, name: "0", initializer: () => zeros });
