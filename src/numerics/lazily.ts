/** Computes a value when it is first read, and keeps it. */
export const lazily = <T>(compute: () => T): (() => T) => {
  let kept: { value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
};
