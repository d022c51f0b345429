/**
 * Control sets of known quality, with which every metric of samples is compared:
 *
 *     train       training examples that the extractor did not see: the upper limit
 *     noise       every value uniform over the range of the training values: unlike the data
 *     one-class   training examples of one class, repeated: accurate, without diversity
 *     memorized   training examples drawn with replacement: realistic, but nothing new
 *     collapsed   a decoder that ignores its code: every value independent, with its training frequencies
 */
import type { Dataset } from "../../contracts/dataset.js";
import type { SampleRows, SampleSet } from "../../contracts/metric.js";
import { permutation, type Stream } from "../../numerics/streams.js";
import { rowsOfSplit } from "./held-out-rows.js";
import { UNKNOWN } from "./labels-of-split.js";

const draws = (count: number, from: ArrayLike<number>, uniform: Stream): Int32Array =>
  Int32Array.from({ length: count }, () => from[Math.floor(uniform() * from.length)]!);

/** The first label field; "one-class" uses its most frequent class. */
const labelField = ({ fields, modeled }: Dataset): string | undefined =>
  Object.keys(fields).find((name) => name !== modeled && fields[name]!.kind === "label");

const commonest = (labels: Float32Array): number | undefined => {
  const counts = new Map<number, number>();
  for (const label of labels) if (label !== UNKNOWN) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || a - b)[0]?.[0];
};

const noiseLike = ({ values, n, width, given }: SampleRows, whole: boolean, uniform: Stream): SampleRows => {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const value = () => (whole ? low + Math.floor(uniform() * (high - low + 1)) : low + uniform() * (high - low));
  return { values: Float32Array.from(values, value), n, width, ...(given && { given }) };
};

/** Permutes every column independently. */
const shuffledColumns = ({ values, n, width, given }: SampleRows, uniform: Stream): SampleRows => {
  const shuffled = new Float32Array(values.length);
  for (let j = 0; j < width; j++) {
    const order = permutation(n, uniform);
    for (let i = 0; i < n; i++) shuffled[i * width + j] = values[order[i]! * width + j]!;
  }
  return { values: shuffled, n, width, ...(given && { given }) };
};

/** @param apart training rows that the extractor did not see */
export const controlSets = (
  dataset: Dataset,
  apart: Int32Array,
  streamOf: (name: string) => Stream,
): SampleSet<string>[] => {
  const { support } = dataset.fields[dataset.modeled]!;
  const whole = support === "binary" || support === "categorical" || support === "count";
  const rows = (chosen: Int32Array): SampleRows => rowsOfSplit(dataset, "train", chosen);
  const first = (count: number): SampleRows => rows(apart.slice(0, count));
  const sets: Readonly<Record<string, (count: number, uniform: Stream) => SampleRows | string>> = {
    train: first,
    noise: (count, uniform) => noiseLike(first(count), whole, uniform),
    "one-class": (count, uniform) => {
      const field = labelField(dataset);
      if (field === undefined) return "the data have no labels to choose one class by";
      const labels = rows(apart).given![field]!;
      const one = commonest(labels);
      if (one === undefined) return `no example that stands for the training split has a "${field}"`;
      const chosen = apart.filter((_, i) => labels[i] === one);
      return rows(draws(count, chosen, uniform));
    },
    memorized: (count, uniform) => rows(draws(count, apart, uniform)),
    collapsed: (count, uniform) => shuffledColumns(first(count), uniform),
  };
  return Object.entries(sets).map(([name, draw]) => ({
    source: name,
    draw: async (count) => draw(count, streamOf(`controls/${name}`)),
  }));
};
