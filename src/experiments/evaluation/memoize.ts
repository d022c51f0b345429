/** Memoizes one result per number. Callers get the identical array each time, so they can cache by identity. */
export const memoize = <T>(compute: (count: number) => Promise<T>): ((count: number) => Promise<T>) => {
  const known = new Map<number, Promise<T>>();
  return (count) => {
    const found = known.get(count) ?? compute(count);
    known.set(count, found);
    return found;
  };
};
