/** Collects the outputs of program calls row by row. */
import type { HostTensors } from "../../contracts/program.js";

/** One preallocated array per output, because joining parts would take twice the memory. */
export class RowBuffer {
  private readonly all = new Map<string, Float32Array>();
  private done = 0;

  /** @param count total number of rows; surplus rows are dropped */
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

  /** Row after row; empty if no call returned it. */
  of(output: string): Float32Array {
    return this.all.get(output) ?? new Float32Array(0);
  }

  outputs(): Record<string, Float32Array> {
    return Object.fromEntries(this.all);
  }
}
