/** What the calls of a program give, row by row. */
import type { HostTensors } from "../../contracts/program.js";

/** By output, each in one array from the first call on: parts that are joined take twice the memory. */
export class RowBuffer {
  private readonly all = new Map<string, Float32Array>();
  private done = 0;

  /** @param count rows in all; what comes after them is left out */
  constructor(private readonly count: number) {}

  add(outputs: HostTensors, rows: number): void {
    for (const [name, { data }] of Object.entries(outputs)) {
      const width = data.length / rows;
      const all = this.all.get(name) ?? new Float32Array(width * this.count);
      this.all.set(name, all);
      all.set(data.subarray(0, width * Math.min(rows, this.count - this.done)), width * this.done);
    }
    this.done += rows;
  }

  /** Row after row; empty where no call gave it. */
  of(output: string): Float32Array {
    return this.all.get(output) ?? new Float32Array(0);
  }

  outputs(): Record<string, Float32Array> {
    return Object.fromEntries(this.all);
  }
}
