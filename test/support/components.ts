/** Builds one component as the registry does, defaults filled from its schema, with parameters to bind. */
import type { Contexts, Kind, Made } from "../../src/contracts/kinds.js";
import type { Definition } from "../../src/spec/define.js";

export { parameterGradients } from "../../src/testing/differences.js";
export { initialBindings } from "../../src/testing/values.js";

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
