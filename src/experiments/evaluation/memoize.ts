/** One result a number: what was drawn once is the same array whenever it is asked for, so that work may be kept by it. */
export const memoize = <T>(compute: (count: number) => Promise<T>): ((count: number) => Promise<T>) => {
  const known = new Map<number, Promise<T>>();
  return (count) => {
    const found = known.get(count) ?? compute(count);
    known.set(count, found);
    return found;
  };
};
