/** One part of a model by itself, built by the registry in a context of its own. */

import type { Contexts, Kind, Products, ResolvedFields } from "../../../src/contracts/kinds.js";
import { bijectionShapes } from "../../../src/experiments/training/build-model.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import { type FieldSchema, type Shape, sizeOf } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import type { SetUp } from "./experiment.js";
import { drawValues } from "./tiny-data.js";

export interface Part<K extends Kind> {
  made: Products[K];
  store: ParameterStore;
  bindings(): Record<string, Tensor>;
}

/** Initial values, moved a little: nothing then holds only because it began at 0. */
export const movedBindings = (store: ParameterStore, seed = 1): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(store.initialValues(seed)).map(([name, { shape, data }]) => {
      const uniform = stream(3, `moved/${name}`);
      const trained = store.parameters.find((parameter) => parameter.name === name)!.trainable;
      return [name, tf.tensor(trained ? data.map((value) => value + 0.3 * normal(uniform)) : data, [...shape])];
    }),
  );

export const buildPart = async <K extends Kind>(
  { builder, spec }: SetUp,
  kind: K,
  fields: ResolvedFields,
  context: (store: ParameterStore) => Contexts[K],
): Promise<Part<K>> => {
  const store = new ParameterStore();
  const own = context(store);
  const made = await builder.build(kind, fields, `/model/${kind}`, {
    [kind]: (at: string) => (at === `/model/${kind}` ? own : { ...own, parameters: store.scope(at.slice(1)) }),
    ...("latent" in own && {
      bijection: (at: string) => ({
        ...bijectionShapes(own as unknown as Contexts["posterior"]),
        parameters: store.scope(at.slice(1)),
      }),
    }),
    schedule: () => ({ totalSteps: 100 }),
  });
  return {
    made,
    store,
    bindings: () => movedBindings(store, spec.seed),
  };
};

/** Values of a field for leading axes, by the same rule at every call. */
export const valuesOfField = (field: FieldSchema, leading: Shape): Tensor =>
  tf.tensor(drawValues(field, sizeOf(leading), stream(11, "values")), [...leading, ...field.shape]);

export const normals = (shape: Shape, name = "normals", scale = 1): Tensor => {
  const uniform = stream(13, name);
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length: count }, () => scale * normal(uniform)),
    [...shape],
  );
};
