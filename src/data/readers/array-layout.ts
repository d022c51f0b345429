/**
 * How one example of an array becomes a field: [columns], [height, width] or [height, width, channels], whichever axis of the
 * file holds the channels. Values keep the file's order, except that channels that come first are moved last.
 */
import { VaelabError } from "../../errors.js";
import { type FieldSchema, type Shape, sizeOf } from "../../tensor/fields.js";
import type { ArrayFile } from "./arrays.js";
import { damaged } from "./data-file.js";
import type { FileOptions } from "./file-dataset.js";

export const channelsField = {
  enum: ["first", "last"],
  description:
    "which axis of an image holds its channels: [channels, height, width] or [height, width, channels]; needed only where the sizes leave it open",
} as const;

export interface Layout {
  kind: FieldSchema["kind"];
  /** [columns] or [height, width, channels]; gray images get a last axis of 1. */
  shape: Shape;
  /** Where in an example of the file each value of the field lies; undefined where it is the same order. */
  order?: Int32Array;
}

const KINDS: Readonly<Record<number, FieldSchema["kind"]>> = { 1: "vector", 2: "image", 3: "image" };
/** More channels than gray, gray and alpha, RGB or RGB and alpha have. */
const UNUSUAL = 5;

const refuse = (pointer: string, message: string, remedy?: string): never => {
  throw new VaelabError("SPEC_INVALID", { message, where: `/data/${pointer}`, ...(remedy && { remedy }) });
};

/** Where axes end, counted in values: what merging or splitting neighboring axes keeps. */
const boundaries = (shape: Shape): Set<number> => new Set(shape.map((_, axis) => sizeOf(shape.slice(axis))));
const includes = (all: Set<number>, some: Set<number>): boolean => [...some].every((at) => at === 1 || all.has(at));

/** The shape that is asked for splits axes of the file's, or merges them; anything else would mix up rows and columns. */
const reshaped = ({ name, shape }: ArrayFile, asked: unknown): Shape => {
  const own = shape.slice(1);
  if (!Array.isArray(asked)) return own;
  const wanted = asked.map(Number);
  const [from, to] = [own.join(" x "), `[${wanted.join(", ")}]`];
  if (sizeOf(wanted) !== sizeOf(own))
    refuse("shape", `an example of ${name} has ${from} values, and ${to} has ${sizeOf(wanted)}`);
  const [a, b] = [boundaries(own), boundaries(wanted)];
  if (!includes(a, b) && !includes(b, a))
    refuse(
      "shape",
      `an example of ${name} is ${from}, and ${to} would cut it into other rows and columns`,
      'A shape splits or merges axes and moves none. Leave it out; where channels come first, say "channels": "first".',
    );
  return wanted;
};

/** [channels, height, width] → for each value of [height, width, channels], its place. */
const channelsLast = ([channels = 1, height = 1, width = 1]: Shape): Int32Array => {
  const pixels = height * width;
  return Int32Array.from({ length: channels * pixels }, (_, i) => (i % channels) * pixels + Math.floor(i / channels));
};

/** @throws SPEC_INVALID, also where the sizes do not tell which axis holds the channels */
export const layoutOf = (file: ArrayFile, { shape: asked, channels }: FileOptions): Layout => {
  const shape = reshaped(file, asked);
  const kind = KINDS[shape.length];
  if (!kind) {
    const remedy = "An image has [height, width] or [height, width, channels], a vector [columns]: say so by `shape`.";
    throw damaged(file.name, `the array is ${file.shape.join(" x ")}: neither images nor vectors`, { remedy });
  }
  if (shape.length < 3) {
    if (channels !== undefined)
      refuse("channels", `an example of ${file.name} is ${shape.join(" x ")}: no axis holds channels`, "Leave it out.");
    return { kind, shape: kind === "image" ? [...shape, 1] : shape };
  }
  const [first = 1, second = 1, last = 1] = shape;
  if (channels === undefined && first < UNUSUAL && last >= UNUSUAL)
    refuse(
      "channels",
      `an example of ${file.name} is ${shape.join(" x ")}: ${first} channels that come first, or ${last} that come last`,
      'Say "channels": "first" or "channels": "last".',
    );
  if (channels !== "first") return { kind, shape };
  return { kind, shape: [second, last, first], ...(first > 1 && { order: channelsLast(shape) }) };
};
