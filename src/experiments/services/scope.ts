/** Scopes of services: an inversify container each, and a child container for each child. */
import { Container } from "inversify";
import { VaelabError } from "../../errors.js";
import { type ServiceName, serviceFault } from "../../registry/plugins/services.js";
import type { Rebinding, Scope, Services } from "./services.js";

const IDENTIFIERS: Readonly<Record<ServiceName, symbol>> = {
  engine: Symbol.for("vaelab/engine"),
  catalogue: Symbol.for("vaelab/catalogue"),
  launcher: Symbol.for("vaelab/launcher"),
  reporter: Symbol.for("vaelab/reporter"),
  tracker: Symbol.for("vaelab/tracker"),
  cache: Symbol.for("vaelab/cache"),
  clock: Symbol.for("vaelab/clock"),
};

/** @throws USAGE: an unknown name, a service that lacks what it has to do */
const childOf = (parent: Container | undefined, services: Partial<Services>): Container => {
  const container = parent ? new Container({ parent }) : new Container();
  for (const [name, service] of Object.entries(services)) {
    const fault = serviceFault(name, service);
    if (fault) throw new VaelabError("USAGE", fault);
    container.bind(IDENTIFIERS[name as ServiceName]).toConstantValue(service);
  }
  return container;
};

const scopeOf = (container: Container, rebound: ReadonlySet<ServiceName>): Scope => {
  const get = <K extends ServiceName>(name: K): Services[K] => container.get<Services[K]>(IDENTIFIERS[name]);
  const scope: Scope = {
    get engine() {
      return get("engine");
    },
    get catalogue() {
      return get("catalogue");
    },
    get launcher() {
      return get("launcher");
    },
    get reporter() {
      return get("reporter");
    },
    get tracker() {
      return get("tracker");
    },
    get cache() {
      return get("cache");
    },
    get clock() {
      return get("clock");
    },
    rebound,
    child: (rebinding) => scopeOf(childOf(container, exchanged(scope, rebinding)), rebound),
  };
  return scope;
};

const exchanged = (scope: Scope, rebinding: Rebinding): Partial<Services> =>
  typeof rebinding === "function" ? rebinding(scope) : rebinding;

/** The scope of a program: the standard services, and in a child of it what the program exchanges. */
export const createScope = (standard: Services, rebinding: Rebinding = {}): Scope => {
  const container = childOf(undefined, standard);
  const own = exchanged(scopeOf(container, new Set()), rebinding);
  return scopeOf(childOf(container, own), new Set(Object.keys(own) as ServiceName[]));
};
