/**
 * The layout of one example: how an array of [columns], [height, width], [height, width, channels] or [channels, height, width]
 * becomes a field, and one of [length, channels] or [channels, length] where sequences are asked for. Values keep the order of the file, except that a leading channel axis moves to the end.
 */
import { VaelabError } from "../../errors.js";
import { type FieldSchema, type Shape, sizeOf } from "../../tensor/fields.js";
import type { ArrayFile } from "./arrays.js";
import { damaged } from "./data-file.js";
import type { FileOptions } from "./file-dataset.js";

export const channelsField = {
  enum: ["first", "last"],
  description:
    "Axis order of an image: [channels, height, width] or [height, width, channels]. Required only if the sizes are ambiguous",
} as const;

export const sequencesField = {
  type: "boolean",
  description:
    "Whether an example of two axes is a sequence [length, channels], for conv and resnet networks, and not an image [height, width]",
} as const;

export interface Layout {
  kind: FieldSchema["kind"];
  /** [columns], [length, channels] or [height, width, channels]; gray images get a last axis of 1. */
  shape: Shape;
  /** Position in the file's example of each value of the field; undefined if both have the same order. */
  order?: Int32Array;
}

const KINDS: Readonly<Record<number, FieldSchema["kind"]>> = { 1: "vector", 2: "image", 3: "image" };
/** Gray, gray with alpha, RGB and RGBA images have fewer channels. */
const UNUSUAL = 5;

const refuse = (pointer: string, message: string, remedy?: string): never => {
  throw new VaelabError("SPEC_INVALID", { message, where: `/data/${pointer}`, ...(remedy && { remedy }) });
};

/** Strides of the axes, in values. Splitting or merging neighboring axes adds or removes some and changes none. */
const strides = (shape: Shape): Set<number> => new Set(shape.map((_, axis) => sizeOf(shape.slice(axis))));
const includes = (all: Set<number>, some: Set<number>): boolean => [...some].every((at) => at === 1 || all.has(at));

/** The requested shape, which may only split or merge axes of the file: anything else would scramble rows and columns. */
const reshaped = ({ name, shape }: ArrayFile, asked: unknown): Shape => {
  const own = shape.slice(1);
  if (!Array.isArray(asked)) return own;
  const wanted = asked.map(Number);
  const [from, to] = [own.join(" x "), `[${wanted.join(", ")}]`];
  if (sizeOf(wanted) !== sizeOf(own))
    refuse("shape", `an example of ${name} has ${from} values, but ${to} has ${sizeOf(wanted)}`);
  const [a, b] = [strides(own), strides(wanted)];
  if (!includes(a, b) && !includes(b, a))
    refuse(
      "shape",
      `an example of ${name} has shape ${from}, and ${to} would scramble its rows and columns`,
      'A shape may split or merge neighboring axes, not reorder them. Remove it; for channels-first images set "channels": "first".',
    );
  return wanted;
};

/** For each value of [height, width, channels], its position in [channels, height, width]. */
const channelsLast = ([channels = 1, height = 1, width = 1]: Shape): Int32Array => {
  const pixels = height * width;
  return Int32Array.from({ length: channels * pixels }, (_, i) => (i % channels) * pixels + Math.floor(i / channels));
};

const sequenceOf = ({ name }: ArrayFile, shape: Shape, channels: unknown): Layout => {
  const [first = 1, second = 1] = shape;
  if (shape.length !== 2)
    return refuse(
      "sequences",
      `an example of ${name} has shape ${shape.join(" x ")}, and a sequence has two axes`,
      'Set "shape": [length, channels], or remove it.',
    );
  if (channels !== "first") return { kind: "vector", shape };
  return { kind: "vector", shape: [second, first], order: channelsLast([first, second]) };
};

/** @throws SPEC_INVALID if the shape does not fit, or the sizes do not tell which axis holds the channels */
export const layoutOf = (file: ArrayFile, { shape: asked, channels, sequences }: FileOptions): Layout => {
  const shape = reshaped(file, asked);
  if (sequences === true) return sequenceOf(file, shape, channels);
  const kind = KINDS[shape.length];
  if (!kind) {
    const remedy = "Set `shape`: [height, width] or [height, width, channels] for an image, [columns] for a vector.";
    throw damaged(file.name, `an array of shape ${file.shape.join(" x ")} holds neither images nor vectors`, {
      remedy,
    });
  }
  if (shape.length < 3) {
    if (channels !== undefined)
      refuse(
        "channels",
        `an example of ${file.name} has shape ${shape.join(" x ")}, without a channel axis`,
        "Remove it.",
      );
    return { kind, shape: kind === "image" ? [...shape, 1] : shape };
  }
  const [first = 1, second = 1, last = 1] = shape;
  if (channels === undefined && first < UNUSUAL && last >= UNUSUAL)
    refuse(
      "channels",
      `an example of ${file.name} has shape ${shape.join(" x ")}, which may mean ${first} channels first or ${last} channels last`,
      'Set "channels": "first" or "channels": "last".',
    );
  if (channels !== "first") return { kind, shape };
  return { kind, shape: [second, last, first], ...(first > 1 && { order: channelsLast(shape) }) };
};
