/**
 * Replaces the native binding while one call runs. It runs every op (except large products) and records its attributes, its
 * constants and the origin of its inputs. It refuses what a graph cannot repeat: reading a value, and tensors that were
 * neither fed nor computed within the call.
 */
import type { DataId } from "@tensorflow/tfjs-core";
import { VaelabError } from "../../../errors.js";
import { currentOwner } from "../../../tensor/owner.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { NativeBackend, NativeBinding, NativeTensor, NativeValues, OpAttribute } from "../../native/backend.js";
import { attributesOf } from "../lower/attributes.js";
import type { Entry, Source, TypedSource } from "../tape/tape.js";
import { ownerOf, refuse } from "./refusal.js";
import { type Products, standIn } from "./stand-ins.js";

const STACK_DEPTH = 40;
/** The time that TensorFlow takes to open a graph grows with the square of its size: minutes, from here on. */
const MOST_ENTRIES = 50_000;

/** A copy, because JavaScript may change the original later; or one value if all are equal, as in the gradient of a sum. */
const valuesOf = (values: NativeValues, mayShrink: boolean): NativeValues => {
  if (Array.isArray(values)) return values.map((bytes) => bytes.slice());
  const [first] = values;
  return values.slice(0, mayShrink && values.every((value) => Object.is(value, first)) ? 1 : undefined);
};

export class Recorder {
  readonly entries: Entry[] = [];
  private readonly known = new Map<number, TypedSource>();
  private readonly native: NativeBinding;
  private refusal: VaelabError | undefined;
  private paused = false;

  /**
   * @param program its name, for faults of no component
   * @param products whether to compute large products or their stand-ins
   */
  constructor(
    private readonly backend: NativeBackend,
    private readonly program: string,
    private readonly products: Products,
  ) {
    this.native = backend.binding;
  }

  /** Appends an entry and returns its index. */
  push(entry: Entry): number {
    if (this.entries.length >= MOST_ENTRIES) throw this.tooLarge();
    const owner = currentOwner();
    if (owner !== undefined) entry.owner = owner;
    entry.origin = new Error("here");
    return this.entries.push(entry) - 1;
  }

  /** Binds the tensor to this output. */
  bind(tensor: Tensor, entry: number): void {
    const id = this.idOf(tensor);
    this.known.set(id, { entry, output: 0, ...this.typeOf(tensor) });
  }

  typeOf(tensor: Tensor): { dtype: number; shape: readonly number[] } {
    const { TF_FLOAT, TF_INT32, TF_BOOL } = this.native;
    const dtype = { float32: TF_FLOAT, int32: TF_INT32, bool: TF_BOOL }[tensor.dtype as string];
    if (dtype === undefined)
      throw new VaelabError("CAPTURE", { message: `a tensor of type ${tensor.dtype} cannot be fed, kept or read` });
    return { dtype, shape: tensor.shape };
  }

  /** Where a tensor came from. */
  sourceOf(tensor: Tensor, use: string): TypedSource {
    const source = this.known.get(this.idOf(tensor));
    if (!source) throw this.refused(use, "is a tensor that was neither fed nor computed within the call", this.program);
    return source;
  }

  /** Runs `body` unrecorded. */
  unrecorded<T>(body: () => T): T {
    const outer = this.paused;
    this.paused = true;
    try {
      return body();
    } finally {
      this.paused = outer;
    }
  }

  /** Runs `body` recorded. Throws a refusal at the end as well, in case `body` caught it. */
  record<T>(body: () => T): T {
    const { backend, native } = this;
    const { read, readSync } = backend;
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = STACK_DEPTH;
    // The binding's own properties are read-only, hence descriptors.
    backend.binding = Object.create(native, {
      executeOp: { value: this.executeOp.bind(this) },
      createTensor: { value: this.createTensor.bind(this) },
    }) as NativeBinding;
    backend.read = (id: DataId) => (this.paused ? read.call(backend, id) : Promise.reject(this.refuseReading()));
    backend.readSync = (id: DataId) => {
      if (this.paused) return readSync.call(backend, id);
      throw this.refuseReading();
    };
    let result: T;
    try {
      result = body();
    } catch (error) {
      throw this.refusal ?? error;
    } finally {
      backend.binding = native;
      backend.read = read;
      backend.readSync = readSync;
      Error.stackTraceLimit = depth;
    }
    if (this.refusal) throw this.refusal;
    return result;
  }

  private idOf(tensor: Tensor): number {
    return this.backend.getInputTensorIds([tensor])[0]!;
  }

  private refused(op: string, what: string, owner?: string): VaelabError {
    const component = currentOwner();
    const here = { origin: new Error("here"), ...(component !== undefined && { owner: component }) };
    this.refusal ??= refuse({ op, what, owner: owner ?? ownerOf(here) });
    return this.refusal;
  }

  private tooLarge(): VaelabError {
    this.refusal ??= new VaelabError("CAPTURE", {
      message: `it takes more than ${MOST_ENTRIES} operations, and a graph of that size takes minutes to open`,
      where: this.program,
      remedy: 'Make the model smaller, or set capture to "never"',
    });
    return this.refusal;
  }

  private refuseReading(): VaelabError {
    return this.refused("dataSync", "reads a value, which a graph does not know before it runs");
  }

  private executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): NativeTensor[] {
    if (this.paused) return this.native.executeOp(op, attributes, inputs, outputs);
    const sources = inputs.map((id): TypedSource => {
      const source = this.known.get(id);
      if (!source) throw this.refused(op, "takes a tensor that was neither fed nor computed within the call");
      return source;
    });
    const results =
      standIn(this.native, this.products, op, attributes, inputs, sources) ??
      this.native.executeOp(op, attributes, inputs, outputs);
    const entry = this.push({
      kind: "op",
      op,
      attributes: attributesOf(
        this.native,
        op,
        attributes,
        sources.map(({ dtype }) => dtype),
      ),
      inputs: sources.map(({ entry, output }): Source => ({ entry, output })),
      outputs: results.map(({ dtype, shape }) => ({ dtype, shape })),
    });
    results.forEach(({ id, dtype, shape }, output) => {
      this.known.set(id, { entry, output, dtype, shape });
    });
    return results;
  }

  private createTensor(shape: readonly number[], dtype: number, values: NativeValues): number {
    const id = this.native.createTensor(shape, dtype, values);
    if (this.paused) return id;
    const { TF_FLOAT, TF_INT32, TF_BOOL } = this.native;
    const kept = valuesOf(values, [TF_FLOAT, TF_INT32, TF_BOOL].includes(dtype));
    const entry = this.push({ kind: "constant", dtype, shape: [...shape], values: kept });
    this.known.set(id, { entry, output: 0, dtype, shape });
    return id;
  }
}
