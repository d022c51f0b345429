import { expect, test } from "vitest";
import { Overload, WorkQueue } from "../../../src/experiments/serve/work-queue.js";

const open = (limit = 100, together = 10) => {
  const batches: string[][] = [];
  const queue = new WorkQueue<string, string>({
    limit,
    together,
    perform: async (works) => {
      batches.push([...works]);
      if (works.includes("bad")) throw new Error("bad");
      return works.map((work) => work.toUpperCase());
    },
  });
  return { queue, batches };
};

test("work of one kind that waits is done together, as many rows as fit; the rest in the order it came", async () => {
  const { queue, batches } = open();
  const results = await Promise.all([
    queue.add("a", 4, "a1"),
    queue.add("b", 1, "b1"),
    queue.add("a", 5, "a2"),
    queue.add("a", 3, "a3"),
    queue.add(undefined, 1, "alone"),
    queue.add(undefined, 1, "alone too"),
    queue.add("b", 1, "b2"),
  ]);
  expect(results).toEqual(["A1", "B1", "A2", "A3", "ALONE", "ALONE TOO", "B2"]);
  expect(batches).toEqual([["a1", "a2"], ["b1", "b2"], ["a3"], ["alone"], ["alone too"]]);
});

test("work larger than a batch is done by itself", async () => {
  const { queue, batches } = open();
  await Promise.all([queue.add("a", 50, "large"), queue.add("a", 1, "small")]);
  expect(batches).toEqual([["large"], ["small"]]);
});

test("beyond the limit work is refused at once, and what waits is done", async () => {
  const { queue } = open(10);
  const first = queue.add("a", 8, "a1");
  await expect(queue.add("a", 3, "a2")).rejects.toThrow(Overload);
  expect(queue.waitingRows).toBe(8);
  expect(await first).toBe("A1");
  expect(queue.waitingRows).toBe(0);
  expect(await queue.add("a", 3, "a2")).toBe("A2");
});

test("a failure is that of its batch alone", async () => {
  const { queue } = open();
  const bad = queue.add("a", 1, "bad");
  const good = queue.add("b", 1, "good");
  await expect(bad).rejects.toThrow("bad");
  expect(await good).toBe("GOOD");
});
