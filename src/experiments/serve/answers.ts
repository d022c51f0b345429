/** Answers of the server: nested arrays in JSON, or one array as the bytes of an .npy. */
import { type Problem, VaelabError } from "../../errors.js";
import { decodeNpy, encodeNpy } from "../../storage/npy.js";
import { sizeOf } from "../../tensor/fields.js";
import type { ShapedNumbers } from "../use/numbers.js";
import type { ValueArray, ValueArrays } from "../use/opened-run.js";
import { Overload } from "./work-queue.js";

export const NPY = "application/x-npy";

type Nested = readonly (number | null | Nested)[];
/** JSON has no infinities and no NaN. */
const cell = (value: number): number | null => (Number.isFinite(value) ? value : null);

const nested = ({ shape, data }: ValueArray): Nested => {
  const build = (from: number, [length = 0, ...inner]: readonly number[]): Nested =>
    inner.length === 0
      ? Array.from(data.subarray(from, from + length), cell)
      : Array.from({ length }, (_, i) => build(from + i * sizeOf(inner), inner));
  return build(0, shape);
};

export const inJson = (arrays: ValueArrays): Readonly<Record<string, Nested>> =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, nested(array)]));

/** @param name of the array; the first by default. @throws USAGE where there is none of that name */
export const inNpy = (arrays: ValueArrays, name = Object.keys(arrays)[0]!): Buffer => {
  const array = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
  if (!array)
    throw new VaelabError("USAGE", {
      where: "array",
      message: `there is no array ${JSON.stringify(name)}`,
      remedy: `There are: ${Object.keys(arrays).join(", ")}`,
    });
  return Buffer.from(encodeNpy(array));
};

/** @throws USAGE where the bytes are no array of numbers */
export const fromNpy = (bytes: Buffer): ShapedNumbers => {
  const array = decodeNpy(bytes, "body");
  if ("text" in array)
    throw new VaelabError("USAGE", { where: "body", message: "the array holds text", remedy: "Send numbers." });
  return { shape: array.shape, data: array.data as ShapedNumbers["data"] };
};

export interface Failure {
  status: number;
  body: { error: string; problems?: readonly Problem[] };
}
/** Errors of input are the client's; what else fails is the server's, which says no more of it. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof Overload) return { status: 503, body: { error: "the server is busy; try again in a second" } };
  if (error instanceof VaelabError && error.exitCode === 2)
    return { status: 400, body: { error: error.message, problems: error.problems } };
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, body: { error: (error as Error).message } };
  return { status: 500, body: { error: "the server failed; its log says why" } };
};
