/** Tracks the active component, so that an error about an op can name its owner. */

const owners: string[] = [];
const thrownIn = new WeakMap<object, string>();

/** Runs `body` on behalf of a component, "prior/vamp". */
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

/** The innermost component that threw an error, "prior/vamp". */
export const ownerOf = (error: unknown): string | undefined =>
  error instanceof Error ? thrownIn.get(error) : undefined;

/** The innermost active component, or undefined if only the framework runs. */
export const currentOwner = (): string | undefined => owners.at(-1);

const owned = new WeakSet<object>();

/** Whether a value is a plain object with functions, such as a phase, or a list of such objects. */
const holdsMethods = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null || owned.has(value)) return false;
  if (Array.isArray(value)) return value.some(holdsMethods);
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain && Object.values(value).some((each) => typeof each === "function");
};

/** Wraps a component: its methods, and those of plain objects and lists within it, run on its behalf. */
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
