/**
 * Programs of an opened run. Each is captured when it is first called and stays with the engine until the run is closed. Examples
 * come in whole blocks, the last of them filled up, so that a program is captured for two shapes and no more, and what an example
 * gets does not depend on how many come with it.
 */
import type { Host, HostTensor, Program, RunningProgram } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { noiseKey } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { breathe, type Trained } from "../evaluation/evaluation-program.js";
import { BLOCK, blockGroupsOf, keysInput } from "../training/batches.js";

/** Row-major values with the shape of one example. */
export interface RowValuesOf {
  shape: readonly number[];
  data: Float32Array;
}

/** Rows `start` to `start + count` of values, filled up to `size` rows with copies of the last. */
export const paddedRows = ({ shape, data }: RowValuesOf, start: number, count: number, size: number): HostTensor => {
  const width = sizeOf(shape);
  const rows = new Float32Array(size * width);
  rows.set(data.subarray(start * width, (start + count) * width));
  const last = (start + count - 1) * width;
  for (let row = count; row < size; row++) rows.set(data.subarray(last, last + width), row * width);
  return { shape: [size, ...shape], data: rows };
};

export interface Rows {
  /** The first row, and how many there are. */
  start: number;
  count: number;
  /** With those that fill up the last block. */
  size: number;
}

export interface CallOptions {
  /** Of the noise. */
  seed: number;
  /** Name of the noise, which every block continues. */
  noise: string;
  count: number;
  /** Rows of earlier calls, whole blocks of them: the noise goes on where theirs ended. */
  before?: number;
  /** Blocks that one call may hold: 1 where a call is large. */
  together?: boolean;
  signal?: AbortSignal | undefined;
}

type AnyProgram = RunningProgram<unknown, unknown, unknown>;

export class KeptPrograms {
  private readonly running = new Map<string, AnyProgram>();
  private closed = false;

  constructor(private readonly runner: Trained["runner"]) {}

  /**
   * Calls a program for every block of rows.
   * @param make the program of this name, if it was not called before
   * @param inputs all inputs but the key
   */
  async call<State, Inputs extends { key: unknown }, Outputs>(
    name: string,
    make: () => Program<State, Inputs, Outputs>,
    { seed, noise, count, before = 0, together = true, signal }: CallOptions,
    inputs: (rows: Rows) => Omit<Host<Inputs>, "key">,
    receive: (outputs: Host<Outputs>, rows: Rows) => void,
  ): Promise<void> {
    if (this.closed)
      throw new VaelabError("USAGE", { message: "the run is closed", remedy: "Open it again with openRun." });
    const kept = this.running.get(name) ?? (this.runner.start(make()) as unknown as AnyProgram);
    this.running.set(name, kept);
    const program = kept as unknown as RunningProgram<State, Inputs, Outputs>;
    const groups = blockGroupsOf(Math.ceil(count / BLOCK) * BLOCK);
    const singly = groups.flatMap(({ blocks }) => blocks.map((block) => ({ start: block * BLOCK, blocks: [block] })));
    for (const { start, blocks } of together ? groups : singly) {
      signal?.throwIfAborted();
      const size = blocks.length * BLOCK;
      const rows = { start, size, count: Math.min(size, count - start) };
      const key = keysInput(blocks.map((block) => noiseKey(seed, noise, before / BLOCK + block)));
      receive(program.call({ ...inputs(rows), key } as unknown as Host<Inputs>), rows);
      await breathe();
      if (this.closed) throw new VaelabError("USAGE", { message: "the run was closed during a call" });
    }
  }

  close(): void {
    this.closed = true;
    for (const program of this.running.values()) program.dispose();
    this.running.clear();
  }
}
