/** Examples of several requests as one, and their results apart again. */
import { concatenated } from "../../numerics/float-arrays.js";
import type { PreparedExamples } from "../use/examples.js";
import type { ValueArrays } from "../use/opened-run.js";

type Columns = Readonly<Record<string, Float32Array>>;

/** A field of which some request has a mask gets one of all. */
export const joinExamples = (all: readonly PreparedExamples[]): PreparedExamples => {
  const [first] = all as readonly [PreparedExamples];
  if (all.length === 1) return first;
  const masked = new Set(all.flatMap(({ observed }) => Object.keys(observed)));
  const join = (names: Iterable<string>, partOf: (each: PreparedExamples, name: string) => Float32Array): Columns =>
    Object.fromEntries(Array.from(names, (name) => [name, concatenated(all.map((each) => partOf(each, name)))]));
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    fields: join(Object.keys(first.fields), ({ fields }, name) => fields[name]!),
    observed: join(
      masked,
      ({ fields, observed }, name) => observed[name] ?? new Float32Array(fields[name]!.length).fill(1),
    ),
  };
};

/** @param counts rows of each request, in order */
export const splitArrays = (arrays: ValueArrays, counts: readonly number[]): ValueArrays[] => {
  let start = 0;
  return counts.map((count) => {
    const from = start;
    start += count;
    return Object.fromEntries(
      Object.entries(arrays).map(
        ([
          name,
          {
            shape: [rows, ...shape],
            data,
          },
        ]) => {
          const width = data.length / rows!;
          return [name, { shape: [count, ...shape], data: data.slice(from * width, (from + count) * width) }];
        },
      ),
    );
  });
};
