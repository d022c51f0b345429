/** Values that are the same at every call: noise by a key, inputs, and parameters that stand where nothing holds by chance. */
import type { Engine } from "../engine/engine.js";
import { noiseKey, normal, stream } from "../numerics/streams.js";
import { type FieldSchema, type Shape, sizeOf } from "../tensor/fields.js";
import { keyedNoise, type Noise } from "../tensor/keyed-noise.js";
import type { ParameterStore } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawValues } from "./tiny-data.js";

/** Fresh noise by seed and step: two calls draw the same. */
export const noiseOf = (engine: Engine, seed = 1, step = 0): Noise =>
  keyedNoise(engine.noise, tf.tensor1d(noiseKey(seed, "noise", step), "int32"));

/** Standard normal draws times `scale`, by the name. */
export const normals = (shape: Shape, name = "normals", scale = 1): Tensor => {
  const uniform = stream(13, name);
  return tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => scale * normal(uniform)),
    [...shape],
  );
};

/** Values of a field: [...leading, ...shape of the field]. */
export const valuesOfField = (field: FieldSchema, leading: Shape): Tensor =>
  tf.tensor(drawValues(field, sizeOf(leading), stream(11, "values")), [...leading, ...field.shape]);

/** First values of all that a store has declared, as tensors. */
export const initialBindings = (store: ParameterStore, seed = 1): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(store.initialValues(seed)).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );

/** Initial values, those of trained parameters moved a little: nothing then holds only because it began at 0. */
export const movedBindings = (store: ParameterStore, seed = 1): Record<string, Tensor> => {
  const trained = new Set(store.parameters.filter(({ trainable }) => trainable).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(store.initialValues(seed)).map(([name, { shape, data }]) => {
      const uniform = stream(3, `moved/${name}`);
      const values = trained.has(name) ? data.map((value) => value + 0.3 * normal(uniform)) : data;
      return [name, tf.tensor(values, [...shape])];
    }),
  );
};
