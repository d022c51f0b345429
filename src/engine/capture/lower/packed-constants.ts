/**
 * Constants as bytes: a training split that stays with the engine is a quarter as large, and as quickly read, where its values
 * are whole numbers up to 255, or such over 255, as those of images are. The numbers that come out are the same, bit for bit.
 *
 *     the rows of a constant by their numbers      VaelabGatherBytes (engine/rows.h)
 *     anything else that takes it                  takes VaelabUnpackBytes
 */

import type { HostTensors } from "../../../contracts/program.js";
import { type Shape, sizeOf } from "../../../tensor/fields.js";
import type { SessionAddon } from "../../native/session-addon.js";
import { type Op, rewriteTape, type Types, Writer } from "../tape/rewrite.js";
import type { Entry, ReadEntry, Source, Tape } from "../tape/tape.js";

/** TensorFlow's number of uint8. */
export const UINT8 = 4;
/** With fewer elements there is nothing to gain. */
const WORTH = 2 ** 10;

export interface PackedConstant {
  shape: Shape;
  data: Uint8Array;
  /** Divisor of each byte. */
  divisor: number;
}

type Packed = Pick<PackedConstant, "data" | "divisor">;
/** Results by array, because several programs hold the same split. */
const found = new WeakMap<Float32Array, Packed | "no bytes">();

const packedOf = (values: Float32Array, addon: SessionAddon): Packed | "no bytes" => {
  for (const divisor of [1, 255]) {
    const data = addon.pack(values, divisor);
    if (data) return { data, divisor };
  }
  return "no bytes";
};

/** The constants of a program that bytes can represent. */
export const packedConstants = (constants: HostTensors, addon: SessionAddon): ReadonlyMap<string, PackedConstant> => {
  const packed = new Map<string, PackedConstant>();
  for (const [name, { shape, data }] of Object.entries(constants)) {
    if (!(data instanceof Float32Array) || sizeOf(shape) < WORTH) continue;
    const bytes = found.get(data) ?? packedOf(data, addon);
    found.set(data, bytes);
    if (bytes !== "no bytes") packed.set(name, { shape, ...bytes });
  }
  return packed;
};

/** Reads packed constants. */
export const readPacked = (tape: Tape, packed: ReadonlyMap<string, PackedConstant>, types: Types): Tape => {
  const writer = new Writer(types);
  /** For each index in the new tape: the values of a packed constant and the bytes that they are computed from. */
  const bytes = new Map<number, { source: Source; divisor: number }>();
  const read = (entry: ReadEntry, { divisor }: PackedConstant): readonly Source[] => {
    const [source] = writer.put({ ...entry, dtype: UINT8 });
    const like: Op = { ...(entry as Entry), kind: "op", op: "", inputs: [], attributes: {}, outputs: [] };
    const outputs = [{ dtype: types.float, shape: entry.shape }];
    const values = writer.op(like, "VaelabUnpackBytes", [source!], outputs, { divisor: { float: divisor } });
    bytes.set(values[0]!.entry, { source: source!, divisor });
    return values;
  };
  const gather = (op: Op): readonly Source[] => {
    const [values, rows, axis] = op.inputs as [Source, Source, Source];
    const kept = bytes.get(values.entry);
    const place = writer.entries[axis.entry];
    const isByRow =
      place?.kind === "constant" &&
      place.values[0] === 0 &&
      writer.shapeOf(rows).length === 1 &&
      writer.typeOf(rows).dtype === types.int;
    if (!kept || !isByRow) return writer.put(op);
    const attributes = { divisor: { float: kept.divisor } };
    return writer.op(op, "VaelabGatherBytes", [kept.source, rows], op.outputs, attributes);
  };
  return rewriteTape(tape, writer, (entry) => {
    const constant = entry.kind === "read" ? packed.get(entry.variable) : undefined;
    if (constant) return read(entry as ReadEntry, constant);
    return entry.kind === "op" && entry.op === "GatherV2" ? gather(entry) : writer.put(entry);
  });
};
