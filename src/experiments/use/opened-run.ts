/** What a program does with an opened run: shapes, units and defaults of every call. */
import type { TableRow } from "../../contracts/unseen.js";
import type { FieldSchemas, Shape } from "../../tensor/fields.js";
import type { WalkName } from "../evaluation/walks.js";
import type { Examples } from "./examples.js";
import type { Numbers } from "./numbers.js";
import type { Scores } from "./scores.js";

/** Row-major values; the first axis is the examples. */
export interface ValueArray {
  shape: Shape;
  data: Float32Array | Int32Array;
}
export type ValueArrays = Readonly<Record<string, ValueArray>>;

export interface CallOptions {
  /** Of the noise; by default the run's. The same seed gives the same bytes. */
  seed?: number;
  signal?: AbortSignal;
}

/** `Symbol.asyncDispose`, where the library that TypeScript is told of has it: `await using` needs it. */
type AsyncDispose = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol } ? Key : never;

export interface OpenedRun extends Readonly<Record<AsyncDispose, () => Promise<void>>> {
  /** The fields that examples may have, with shapes and supports. */
  readonly fields: FieldSchemas;
  /** The field that the model is about. */
  readonly modeled: string;
  /** Fields that the model generates. */
  readonly outputs: readonly string[];
  /** One code's shape, by latent. */
  readonly latents: Readonly<Record<string, Shape>>;
  /** Fields that generation can be asked for. */
  readonly conditions: FieldSchemas;

  /**
   * What q(z | x) says of each example, by array as `vaelab encode` names them: `mean`, `logVariance` [examples, dimensions], `code`
   * [examples, variables]; with the latent's name before them where there are several.
   */
  encode(examples: Examples, options?: CallOptions): Promise<ValueArrays>;
  /**
   * Means of p(output | z), [examples, ...], by output; of a label its likeliest classes.
   * @param codes [examples, dimensions], all latents side by side
   */
  decode(
    codes: Numbers,
    options?: CallOptions & { conditions?: Readonly<Record<string, Numbers>> },
  ): Promise<ValueArrays>;
  /** Draws of every output and of the conditions they were drawn under. `means`: of p(x | z), without its noise. */
  sample(
    count: number,
    options?: CallOptions & { conditions?: Readonly<Record<string, Numbers>>; means?: boolean },
  ): Promise<ValueArrays>;
  /** Means of p(output | z) at the mean of q(z | x), [examples, ...], by output. */
  reconstruct(examples: Examples, options?: CallOptions): Promise<ValueArrays>;
  /** In nats, one value per example. @param options `samples`: draws of z, 100 by default, rounded up to a multiple of 10 */
  score(examples: Examples, options?: CallOptions & { samples?: number }): Promise<Scores>;
  /**
   * The outputs with their missing values filled in by importance sampling, one set of them per draw, or a single one of means if
   * `draws` is 0 (the default).
   */
  impute(examples: Examples, options?: CallOptions & { samples?: number; draws?: number }): Promise<ValueArrays[]>;
  /** Decoded means of `steps` codes between each example and its partner, both ends included: [examples, steps, ...], by output. */
  interpolate(
    from: Examples,
    to: Examples,
    options?: CallOptions & { steps?: number; walk?: WalkName },
  ): Promise<ValueArrays>;
  /** Rows of the table whose values these are, in its columns, units and names of categories. @throws USAGE where the data are no table */
  rows(values: ValueArrays): TableRow[];
  /** Releases the graphs. A later call throws. */
  close(): void;
}
