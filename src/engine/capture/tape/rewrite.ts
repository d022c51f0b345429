/** Rewrites a tape op by op. */
import { mapValues } from "../../../numerics/records.js";
import { type Entry, type OpEntry, type Source, type Tape, type TensorType, withSources } from "./tape.js";

export type Op = OpEntry & Entry;

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);
export const isSame = (a: Source, b: Source): boolean => a.entry === b.entry && a.output === b.output;
export const keyOf = ({ entry, output }: Source): string => `${entry}:${output}`;

/** TensorFlow's numbers for types. */
export interface Types {
  float: number;
  int: number;
}

/** Entries, with queries on them. */
export class Entries {
  constructor(
    readonly entries: readonly Entry[],
    private readonly types: Types,
  ) {}

  typeOf({ entry: at, output }: Source): TensorType {
    const entry = this.entries[at] as Entry & Partial<TensorType>;
    if (entry.kind === "op") return entry.outputs[output]!;
    return { dtype: entry.dtype!, shape: entry.shape ?? [] };
  }

  shapeOf(source: Source): readonly number[] {
    return this.typeOf(source).shape;
  }

  opAt({ entry: at }: Source): Op | undefined {
    const entry = this.entries[at];
    return entry?.kind === "op" ? entry : undefined;
  }

  /** The op, if it has this name. */
  opOf(source: Source | undefined, name: string): Op | undefined {
    const op = source && this.opAt(source);
    return op?.op === name ? op : undefined;
  }

  /** Whether every element equals this number. */
  isAll(source: Source | undefined, number: number): boolean {
    const entry = source && this.entries[source.entry];
    // A single value represents equal ones.
    if (entry?.kind === "constant")
      return entry.dtype === this.types.float && entry.values.length === 1 && Object.is(entry.values[0], number);
    return entry?.kind === "op" && entry.op === "Fill" && this.isAll(entry.inputs[1], number);
  }
}

/** Entries that are being written. */
export class Writer extends Entries {
  private readonly written: Entry[];

  constructor(readonly type: Types) {
    const entries: Entry[] = [];
    super(entries, type);
    this.written = entries;
  }

  put(entry: Entry): readonly Source[] {
    const at = this.written.push(entry) - 1;
    return entry.kind === "op" ? entry.outputs.map((_, output) => ({ entry: at, output })) : [{ entry: at, output: 0 }];
  }

  /** `like`: the op that it replaces; it inherits the origin of that op. */
  op(like: Op, op: string, inputs: readonly Source[], outputs: readonly TensorType[], attributes: Op["attributes"]) {
    return this.put({ ...like, op, inputs, outputs, attributes });
  }

  integers(values: readonly number[]): Source {
    return this.put({
      kind: "constant",
      dtype: this.type.int,
      shape: [values.length],
      values: Int32Array.from(values),
    })[0]!;
  }

  one(): Source {
    return this.put({ kind: "constant", dtype: this.type.float, shape: [], values: Float32Array.of(1) })[0]!;
  }

  reshaped(like: Op, source: Source, shape: readonly number[]): Source {
    const { dtype, shape: has } = this.typeOf(source);
    if (sameShape(has, shape)) return source;
    const attributes = { T: { type: dtype }, Tshape: { type: this.type.int } };
    return this.op(like, "Reshape", [source, this.integers(shape)], [{ dtype, shape: [...shape] }], attributes)[0]!;
  }
}

/** Maps a source of the old tape to the new one. */
export type Now = (source: Source) => Source;

/**
 * @param rewrite writes the replacement of an entry, given with its new sources, and returns the replacements of its outputs.
 */
export const rewriteTape = (
  tape: Tape,
  writer: Writer,
  rewrite: (entry: Entry, at: number, now: Now) => readonly Source[],
): Tape => {
  /** Replacements of the outputs of every old entry. */
  const stands: (readonly Source[])[] = [];
  const now: Now = ({ entry, output }) => stands[entry]![output]!;
  tape.entries.forEach((entry, at) => {
    stands.push(
      rewrite(
        withSources(entry, now, (number) => stands[number]![0]!.entry),
        at,
        now,
      ),
    );
  });
  const outputs = mapValues(tape.outputs, (source) => ({ ...source, ...now(source) }));
  return { entries: writer.entries, outputs };
};
