/** One part of a model by itself, built by the registry in a context of its own. */

import type { Contexts, Kind, Products, ResolvedFields } from "../../../src/contracts/kinds.js";
import { bijectionShapes } from "../../../src/experiments/training/build-model.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import type { FieldSchema, Shape } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import type { SetUp } from "./experiment.js";

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
    [kind]: () => own,
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
export const valuesOfField = ({ shape, support, classes = 3 }: FieldSchema, leading: Shape): Tensor => {
  const uniform = stream(11, "values");
  const all = [...leading, ...shape];
  const count = all.reduce((product, size) => product * size, 1);
  const draw = (): number => {
    const u = uniform();
    if (support === "unit") return u;
    if (support === "real") return 4 * u - 2;
    if (support === "positive") return 4 * u + 0.1;
    return Math.floor(u * (support === "binary" ? 2 : support === "categorical" ? classes : 6));
  };
  return tf.tensor(Float32Array.from({ length: count }, draw), all);
};

export const normals = (shape: Shape, name = "normals", scale = 1): Tensor => {
  const uniform = stream(13, name);
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length: count }, () => scale * normal(uniform)),
    [...shape],
  );
};
