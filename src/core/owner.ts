/** Which component is at work, so that a complaint about an op can name whose op it is. */

const owners: string[] = [];

/** Runs `body` in the name of a component, "prior/vamp". */
export const asOwner = <T>(name: string, body: () => T): T => {
  owners.push(name);
  try {
    return body();
  } finally {
    owners.pop();
  }
};

/** The innermost component at work; none where only the framework is. */
export const currentOwner = (): string | undefined => owners.at(-1);

const isPlain = (value: object): boolean =>
  Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** The component, whose methods (and those of plain objects and lists within it, as phases are) run in its name. */
export const ownedBy = <T extends object>(name: string, component: T): T => {
  const wrappers = new WeakMap<object, unknown>();
  return new Proxy(component, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      const isMethod = typeof value === "function";
      if (!isMethod && (typeof value !== "object" || value === null || !isPlain(value))) return value;
      // A proxy must give back a frozen property as it is.
      const own = Reflect.getOwnPropertyDescriptor(target, key);
      if (own && !own.configurable && !own.writable && "value" in own) return value;
      if (!wrappers.has(value as object))
        wrappers.set(
          value as object,
          isMethod
            ? (...args: unknown[]) => asOwner(name, () => Reflect.apply(value, target, args))
            : ownedBy(name, value as object),
        );
      return wrappers.get(value as object);
    },
  });
};
