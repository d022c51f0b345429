/** Encoding, decoding and sampling with the programs of an opened run. */
import { VaelabError } from "../../errors.js";
import { outputsOf } from "../../inference/elbo-terms.js";
import { mapValues } from "../../numerics/records.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { decodeProgram, type HostFields, sampleProgram } from "../evaluation/generation.js";
import { codesProgram } from "../explore/encode.js";
import type { PreparedExamples } from "./examples.js";
import { givenFields } from "./given-fields.js";
import { type KeptPrograms, paddedRows, type Rows } from "./kept-programs.js";
import type { CallOptions, ValueArray, ValueArrays } from "./opened-run.js";
import { batchRows } from "./prepared-rows.js";

/** Collects arrays block by block, without the rows that fill up the last one. */
class Collected {
  readonly arrays: Record<string, ValueArray> = {};

  constructor(private readonly count: number) {}

  add(name: string, { shape: [rows, ...shape], data }: ValueArray, { start, count }: Rows): void {
    const width = data.length / rows!;
    const make = (): ValueArray["data"] =>
      data instanceof Int32Array ? new Int32Array(this.count * width) : new Float32Array(this.count * width);
    const own = (this.arrays[name] ??= { shape: [this.count, ...shape], data: make() });
    own.data.set(data.subarray(0, count * width), start * width);
  }
}

/** Options of a call that may continue others. */
export interface BlockOptions extends CallOptions {
  /** Rows of earlier calls, whose noise goes on. */
  before?: number;
}

export class ModelCalls {
  /** Of all latents side by side. */
  readonly dimensions: number;
  readonly outputs: readonly string[];

  constructor(
    private readonly trained: Trained,
    private readonly programs: KeptPrograms,
  ) {
    const { model } = trained;
    this.dimensions = Object.values(model.latents).reduce((sum, shape) => sum + sizeOf(shape), 0);
    this.outputs = Object.keys(outputsOf(model));
  }

  private callOptions({ seed = this.trained.seed, before = 0, signal }: BlockOptions, noise: string, count: number) {
    return { seed, before, noise, count, signal };
  }

  private conditionRows(conditions: HostFields, { start, count, size }: Rows) {
    const { fields } = this.trained.model;
    return mapValues(conditions, (data, name) => paddedRows({ shape: fields[name]!.shape, data }, start, count, size));
  }

  async encode(examples: PreparedExamples, options: BlockOptions): Promise<ValueArrays> {
    const { trained } = this;
    const collected = new Collected(examples.count);
    await this.programs.call(
      "encode",
      () => codesProgram(trained),
      this.callOptions(options, "encode", examples.count),
      ({ start, count, size }) => batchRows(trained.model, examples, start, count, size),
      ({ numbers, categories }, rows) => {
        for (const [name, array] of Object.entries(numbers)) collected.add(name, array, rows);
        for (const [name, { shape, data }] of Object.entries(categories))
          collected.add(name, { shape, data: Int32Array.from(data) }, rows);
      },
    );
    return collected.arrays;
  }

  /** Posterior means of all latents side by side, [examples, dimensions]. */
  async codes(examples: PreparedExamples, options: BlockOptions): Promise<Float32Array> {
    const found = await this.encode(examples, options);
    const names = Object.keys(this.trained.model.latents);
    const codes = new Float32Array(examples.count * this.dimensions);
    let at = 0;
    for (const name of names) {
      const { shape, data } = found[names.length === 1 ? "mean" : `${name}.mean`]!;
      const width = sizeOf(shape.slice(1));
      for (let row = 0; row < examples.count; row++)
        codes.set(data.subarray(row * width, (row + 1) * width), row * this.dimensions + at);
      at += width;
    }
    return codes;
  }

  /** @throws USAGE where conditions are missing that the model has */
  async decode(codes: Float32Array, conditions: HostFields, options: BlockOptions): Promise<ValueArrays> {
    const { trained, dimensions } = this;
    const missing = givenFields(trained.model).find((name) => !conditions[name]);
    if (missing !== undefined)
      throw new VaelabError("USAGE", {
        where: "conditions",
        message: `the model is conditioned on "${missing}"`,
        remedy: `Give conditions: { ${missing}: [...] }, one for each code.`,
      });
    const count = codes.length / dimensions;
    const collected = new Collected(count);
    for (const output of this.outputs)
      await this.programs.call(
        `decode ${output}`,
        () => decodeProgram(trained, output),
        this.callOptions(options, "decode", count),
        (rows) => ({
          codes: paddedRows({ shape: [dimensions], data: codes }, rows.start, rows.count, rows.size),
          conditions: this.conditionRows(conditions, rows),
        }),
        ({ means }, rows) => collected.add(output, means, rows),
      );
    return collected.arrays;
  }

  async sample(
    count: number,
    requested: HostFields,
    { means, ...options }: CallOptions & { means: boolean },
  ): Promise<ValueArrays> {
    const { trained } = this;
    const collected = new Collected(count);
    await this.programs.call(
      means ? "sample means" : "sample draws",
      () => sampleProgram(trained, { draws: !means, means, others: true }),
      this.callOptions(options, "sampler", count),
      (rows) => ({ requested: this.conditionRows(requested, rows) }),
      ({ made, conditions, others }, rows) => {
        collected.add(trained.model.modeled, (means ? made.means : made.draws)!, rows);
        for (const [name, array] of Object.entries({ ...conditions, ...others })) collected.add(name, array, rows);
      },
    );
    return collected.arrays;
  }
}
