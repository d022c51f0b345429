/** Codebooks: the nearest code, moving averages that follow the data, and restarts of codes that nothing is assigned to. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { type Codebook, type CodebookOptions, codebook } from "../../src/nn/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/codebooks.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, type Numbers, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { averages, decay } = fixtures;
const indices = (codes: Tensor): number[] => valuesOf(tf.argMax(codes, -1));

interface State {
  made: Codebook;
  /** Runs on the current values, and keeps what is assigned. */
  run<T>(body: () => T): T;
  values(): Record<string, Tensor>;
}
const bookOf = (vectors: Numbers, options: Partial<CodebookOptions> = {}): State => {
  const store = new ParameterStore();
  const start = tensorOf(vectors);
  const [codes, dimensions] = start.shape as [number, number];
  const made = codebook(store.scope("book"), dimensions, { codes, update: "ema", decay, ...options });
  let values: Record<string, Tensor> = {
    "book/vectors": start,
    "book/counts": tf.zeros([codes]),
    "book/sums": tf.zeros(start.shape),
  };
  return {
    made,
    values: () => values,
    run: (body) => {
      const { result, assigned } = store.collectAssignments(() => store.bind(values, body));
      values = { ...values, ...assigned };
      return result;
    },
  };
};
const learn = ({ made, run }: State, x: Tensor, step = 0): number[] =>
  run(() => {
    const { codes } = made.nearest(x);
    made.learn(x, codes, noiseOf(engine, 1, step));
    return indices(codes);
  });

describe("a codebook", () => {
  it("finds SciPy's nearest codes, and follows the averages that numpy computes", () => {
    const book = bookOf(averages.start);
    for (const [step, batch] of averages.batches.entries())
      expect(learn(book, tensorOf(batch))).toEqual(averages.codes[step]);
    const values = book.values();
    expectClose(values["book/vectors"]!, averages.vectors, 1e-5);
    expectClose(values["book/counts"]!, averages.counts, 1e-5);
    expectClose(values["book/sums"]!, averages.sums, 1e-5);
  });

  it("leaves a code that nothing was assigned to where it is", () => {
    const book = bookOf(averages.start);
    for (let step = 0; step < 50; step++) learn(book, tensorOf(averages.batches[step % 4]!));
    expectClose(tf.slice(book.values()["book/vectors"]!, [5, 0], [1, 3]), [[9, 9, 9]], 0);
  });

  it("counts what a batch assigns to each code, not half of it", () => {
    // Of two pairs of points, 1 - 0.9^200 of the way.
    const book = bookOf([
      [-1, 0],
      [1, 0],
    ]);
    const x = tensorOf([
      [-2, 0],
      [2, 1],
      [4, 1],
    ]);
    for (let step = 0; step < 200; step++) learn(book, x);
    expectClose(book.values()["book/counts"]!, [1, 2], 1e-5);
    expectClose(
      book.values()["book/vectors"]!,
      [
        [-2, 0],
        [3, 1],
      ],
      1e-5,
    );
  });

  it("restarts codes to which too little is assigned at vectors of the batch", () => {
    const book = bookOf(averages.start, { restart: 0.05 });
    const x = averages.batches[0]!;
    learn(book, tensorOf(x));
    const rows = book.values()["book/vectors"]!.arraySync() as number[][];
    // The far one is restarted, and what was assigned to is not.
    expect(x.some((row) => row.every((value, i) => Math.abs(value - rows[5]![i]!) < 1e-6))).toBe(true);
    const kept = bookOf(averages.start);
    learn(kept, tensorOf(x));
    const used = new Set(averages.codes[0]);
    for (const k of used)
      if ((kept.values()["book/counts"]!.arraySync() as number[])[k]! >= 0.05)
        expectClose(tensorOf(rows[k]!), (kept.values()["book/vectors"]!.arraySync() as number[][])[k]!, 1e-6);
    expect((book.values()["book/counts"]!.arraySync() as number[])[5]).toBeCloseTo(0.05, 6);
    expect(learn(book, tensorOf(x), 1)).toContain(5);
  });

  it("of a loss is trained, and has no averages", () => {
    const store = new ParameterStore();
    const made = codebook(store.scope("book"), 2, { codes: 2, update: "loss", decay });
    expect(store.parameters.map(({ name, trainable, shared }) => [name, trainable, shared])).toEqual([
      ["book/vectors", true, true],
    ]);
    const x = tensorOf([
      [1, 0],
      [3, 0],
    ]);
    const start = tensorOf([
      [2, 0],
      [-9, 0],
    ]);
    const loss = (vectors: Tensor): Tensor =>
      store.bind({ "book/vectors": vectors }, () => tf.sum(tf.squaredDifference(made.nearest(x).vectors, x)));
    // d/dc of (c - 1)^2 + (c - 3)^2 at 2.5 is 2 (1.5 - 0.5).
    const at = tf.add(start, tensorOf([[0.5, 0]]));
    expectClose(tf.grad(loss as never)(at), [
      [2, 0],
      [0, 0],
    ]);
  });
});
