/**
 * The inversify container behind a catalogue: one identifier a component, `Symbol.for("prior/vamp")`, and a child container
 * for each set of plugins. Inversify is loaded here and nowhere before: only what builds needs it.
 */
import type { Container } from "inversify";
import { VaelabError } from "../../errors.js";
import { type AnyDefinition, type Definition, type Kind, typeOf } from "../../spec/define.js";
import type { Catalogue } from "./catalogue.js";

/** The registry's components as bound; `get` gives back what was bound for that kind and name. */
export interface Bindings {
  get<K extends Kind>(kind: K, type: string): Definition<K>;
}

const identifierOf = (kind: Kind, type: string): symbol => Symbol.for(`${kind}/${type}`);

const containers = new WeakMap<Catalogue, Container>();

export const bindCatalogue = async (catalogue: Catalogue): Promise<Bindings> => {
  const inversify = await import("inversify");
  const bind = (scope: Catalogue): Container => {
    const bound = containers.get(scope);
    if (bound) return bound;
    const container = scope.parent
      ? new inversify.Container({ parent: bind(scope.parent) })
      : new inversify.Container();
    for (const { definition } of scope.own) {
      container.bind<AnyDefinition>(identifierOf(definition.kind, typeOf(definition))).toConstantValue(definition);
    }
    containers.set(scope, container);
    return container;
  };
  const container = bind(catalogue);
  return {
    get: <K extends Kind>(kind: K, type: string) => {
      const identifier = identifierOf(kind, type);
      if (!container.isBound(identifier)) {
        throw new VaelabError("CONTRACT", { message: `no ${kind} "${type}" is registered` });
      }
      return container.get<Definition<K>>(identifier);
    },
  };
};
