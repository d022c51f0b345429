/** Why a call cannot be captured, and which line of whose code causes it. */
import { relative } from "node:path";
import { VaelabError } from "../../../errors.js";
import { packageRoot } from "../../folders.js";
import type { Entry } from "../tape/tape.js";

export interface Difference {
  /** The TensorFlow op at fault. */
  op: string;
  /** What is wrong with it, in one line. */
  what: string;
  /** The component that used the op, if known, and the place in its code. */
  owner: string;
}

const FRAME = /^\s+at (?:(?:async |new )?(.+?) \()?(?:file:\/\/)?([^()]+?):(\d+):\d+\)?$/;
/** Files that every op passes through; never the cause. */
const LIBRARY = /^node:|[\\/]@tensorflow[\\/]|[\\/]tfjs-[a-z-]+[\\/]src[\\/]/;
const isOwn = (file: string, parts: RegExp): boolean => {
  const path = relative(packageRoot(), file);
  return !path.startsWith("..") && parts.test(path);
};

/** The innermost stack line in a component: a plugin, a test or a built-in. */
const placeOf = (origin: Error | undefined): string | undefined => {
  const frames = (origin?.stack ?? "")
    .split("\n")
    .map((line) => FRAME.exec(line))
    .filter((frame) => frame !== null && !LIBRARY.test(frame[2]!));
  const frame =
    frames.find((each) => !isOwn(each![2]!, /^(dist|src[\\/](engine|core))[\\/]/)) ??
    frames.find((each) => !isOwn(each![2]!, /^(dist|src[\\/]engine[\\/]capture)[\\/]/));
  if (!frame) return undefined;
  const [, name, file, line] = frame;
  const place = `${isOwn(file!, /./) ? relative(packageRoot(), file!) : file}:${line}`;
  return name && name !== "<anonymous>" ? `${name} (${place})` : place;
};

/** "objective/elbo, at Shifted.logProb (shifted.mjs:8)": the component and the line. */
export const ownerOf = ({ owner, origin }: Pick<Entry, "owner" | "origin">): string =>
  [owner, placeOf(origin)].filter(Boolean).join(", at ") || "unknown code";

const REMEDY =
  "Feed what changes from call to call (schedules, noise keyed by the step, inputs), and keep values in tensors; or set capture to never";

export const refuse = ({ op, what, owner }: Difference, cause?: unknown): VaelabError =>
  new VaelabError(
    "CAPTURE",
    { message: `${op} ${what}`, where: owner, remedy: REMEDY },
    cause === undefined ? undefined : { cause },
  );
