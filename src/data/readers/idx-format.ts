/**
 * The format of MNIST's files (LeCun et al. 1998): two zero bytes, an element type, the number of axes, their sizes, and the
 * values, big-endian.
 */
import type { ArrayFile } from "./arrays.js";
import { checkClaim, fileSize } from "./arrays.js";
import { type DataFile, damaged } from "./data-file.js";
import { type ElementType, elementType } from "./element-types.js";
import { contentOf, headOf } from "./gzip.js";

const TYPES: Readonly<Record<number, string>> = { 8: "u1", 9: "i1", 11: "i2", 12: "i4", 13: "f4", 14: "f8" };
const MOST_AXES = 4;

/** Reads only the header. @throws DATA naming the byte */
export const readIdx = (file: DataFile): ArrayFile => {
  const { name } = file;
  const head = headOf(file);
  const { bytes } = head;
  if (bytes.length === 0) throw damaged(name, "the file is empty");
  const wrong = [0, 0].findIndex((zero, i) => bytes[i] !== zero);
  if (wrong >= 0) throw damaged(`${name} byte ${wrong}`, "not an idx file: it does not start with two zero bytes");
  if (bytes.length < 4) throw damaged(`${name} byte ${bytes.length}`, "the file ends inside its header");
  const type: ElementType | undefined = elementType(TYPES[bytes[2]!] ?? "", false);
  if (!type) throw damaged(`${name} byte 2`, `unknown element type 0x${bytes[2]!.toString(16).padStart(2, "0")}`);
  const axes = bytes[3]!;
  if (axes < 1 || axes > MOST_AXES)
    throw damaged(`${name} byte 3`, `it has ${axes} axes; 1 to ${MOST_AXES} are supported`);
  const start = 4 + 4 * axes;
  if (bytes.length < start) throw damaged(`${name} byte ${bytes.length}`, "the file ends inside its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = { name, type, start, shape: Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i)) };
  checkClaim(header, head);
  return { ...header, open: () => contentOf(file, head, fileSize(header)) };
};
