/** Which component is at work, so that a complaint about an op can name whose op it is. */

const owners: string[] = [];
const thrownIn = new WeakMap<object, string>();

/** Runs `body` in the name of a component, "prior/vamp". */
export const asOwner = <T>(name: string, body: () => T): T => {
  owners.push(name);
  try {
    return body();
  } catch (error) {
    if (error instanceof Error && !thrownIn.has(error)) thrownIn.set(error, name);
    throw error;
  } finally {
    owners.pop();
  }
};

/** The innermost component that an error came out of, "prior/vamp". */
export const ownerOf = (error: unknown): string | undefined =>
  error instanceof Error ? thrownIn.get(error) : undefined;

/** The innermost component at work; none where only the framework is. */
export const currentOwner = (): string | undefined => owners.at(-1);

const owned = new WeakSet<object>();

/** A plain object with functions in it, or a list that holds such: a phase, a list of phases. Numbers stay as they are. */
const holdsMethods = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null || owned.has(value)) return false;
  if (Array.isArray(value)) return value.some(holdsMethods);
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain && Object.values(value).some((each) => typeof each === "function");
};

/** The component, whose methods, and those of plain objects and lists within it, run in its name. */
export const ownedBy = <T extends object>(name: string, component: T): T => {
  const wrappers = new WeakMap<object, unknown>();
  const wrap = (value: object, make: () => unknown): unknown => {
    if (!wrappers.has(value)) wrappers.set(value, make());
    return wrappers.get(value);
  };
  const proxy = new Proxy(component, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      // A proxy must give back a frozen property as it is.
      const property = Reflect.getOwnPropertyDescriptor(target, key);
      if (property?.configurable === false && property.writable === false) return value;
      // A list's own methods take its items through this proxy.
      if (typeof value === "function" && Array.isArray(target)) return value;
      if (typeof value === "function")
        return wrap(
          value,
          () =>
            (...args: unknown[]) =>
              asOwner(name, () => Reflect.apply(value, target, args)),
        );
      return holdsMethods(value) ? wrap(value, () => ownedBy(name, value)) : value;
    },
  });
  owned.add(proxy);
  return proxy;
};
