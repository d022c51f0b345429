/** Builds one component as the registry does, defaults filled from its schema, with parameters to bind. */
import type { Contexts, Kind, Made } from "../../src/contracts/kinds.js";
import type { Definition } from "../../src/spec/define.js";
import type { Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";

type Fields = Readonly<Record<string, unknown>>;
export const withDefaults = (definition: { schema: unknown }, fields: Fields): Fields => {
  const { properties } = definition.schema as { properties: Readonly<Record<string, { default?: unknown }>> };
  const defaults = Object.entries(properties).filter(([, { default: value }]) => value !== undefined);
  return { ...Object.fromEntries(defaults.map(([name, { default: value }]) => [name, value])), ...fields };
};
/** Slots are given built. Components that wait for deferred slots are built by the registry. */
export const build = <K extends Exclude<Kind, "dataset">>(
  definition: Definition<K>,
  fields: Fields,
  context: Contexts[K],
): Exclude<Made[K], Promise<unknown>> => {
  const made = definition.create(withDefaults(definition, fields) as never, context);
  if (made instanceof Promise) throw new Error(`a ${definition.kind} is made later than it is asked for`);
  return made as Exclude<Made[K], Promise<unknown>>;
};

/** First values of all that a store has declared, as tensors. */
export const initialBindings = (store: ParameterStore, seed = 1): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(store.initialValues(seed)).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );

/** The gradients of a loss in every trainable parameter of a store, by name, at the values bound. */
export const parameterGradients = (
  store: ParameterStore,
  bindings: Bindings,
  loss: () => Tensor,
): Record<string, Tensor> => {
  const names = store.parameters.filter(({ trainable }) => trainable).map(({ name }) => name);
  const gradients = tf.grads((...values: Tensor[]) =>
    store.bind({ ...bindings, ...Object.fromEntries(names.map((name, i) => [name, values[i]!])) }, loss),
  )(names.map((name) => bindings[name]!));
  return Object.fromEntries(names.map((name, i) => [name, gradients[i]!]));
};
