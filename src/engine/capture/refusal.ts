/** Why a call cannot be captured, and which line of whose code is the cause. */
import { VaelabError } from "../../core/errors.js";
import type { Entry } from "./tape.js";

export interface Difference {
  /** The TensorFlow op at fault. */
  op: string;
  /** What is wrong with it, in one line. */
  what: string;
  /** The component that asked for it, as far as that is known, and the place in its code. */
  owner: string;
}

const FRAME = /^\s+at (?:(?:async )?(.+?) \()?(?:file:\/\/)?([^()]+?):(\d+):\d+\)?$/;
/** Machinery through which every op passes: it is never the cause. */
const MACHINERY = /node_modules|^node:|[\\/]src[\\/](?:engine|core)[\\/]/;

const placeOf = (origin: Error | undefined): string | undefined => {
  const frames = (origin?.stack ?? "")
    .split("\n")
    .map((line) => FRAME.exec(line))
    .filter((frame) => frame !== null);
  const outside = frames.find(([, , file]) => !MACHINERY.test(file!));
  const frame = outside ?? frames.find(([, , file]) => !/node_modules|^node:|[\\/]capture[\\/]/.test(file!));
  if (!frame) return undefined;
  const [, name, file, line] = frame;
  const shortened = /(?:src|test|dist)[\\/].*/.exec(file!)?.[0] ?? file;
  return `${name && name !== "<anonymous>" ? `${name}, ` : ""}${shortened}:${line}`;
};

export const ownerOf = ({ owner, origin }: Pick<Entry, "owner" | "origin">): string => {
  const place = placeOf(origin);
  if (owner) return place ? `${owner} (${place})` : owner;
  return place ?? "unknown code";
};

const REMEDY =
  "Feed what changes from call to call (schedules, noise keyed by the step, inputs), and keep values in tensors; or set capture to never";

export const refuse = ({ op, what, owner }: Difference, cause?: unknown): VaelabError =>
  new VaelabError(
    "CAPTURE",
    { message: `${op} ${what}`, where: owner, remedy: REMEDY },
    cause === undefined ? undefined : { cause },
  );
