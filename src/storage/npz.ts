/** Named arrays in one .npz: a zip of .npy files, as numpy.savez writes and numpy.load reads. */
import { writeFileAtomically } from "./files.js";
import { decodeNpy, encodeNpy, type NumpyArray, type NumpyText } from "./npy.js";
import { readBytes } from "./read-file.js";
import { readZip, writeZip } from "./zip.js";

export type NumpyArrays = Readonly<Record<string, NumpyArray | NumpyText>>;

export const encodeNpz = (arrays: NumpyArrays): Uint8Array =>
  writeZip(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)])));

/** Larger than the arrays of any run. So many bytes can compress to a few hundred KiB. */
const LARGEST = 2 ** 28;

/** @param where file name for messages. @throws DATA, before decompression if the arrays exceed `LARGEST` */
export const decodeNpz = (bytes: Uint8Array, where: string): Record<string, NumpyArray | NumpyText> =>
  Object.fromEntries(
    Object.entries(readZip(bytes, where, LARGEST)).map(([file, content]) => [
      file.replace(/\.npy$/, ""),
      decodeNpy(content, `${where}/${file}`),
    ]),
  );

/** @throws NOT_WRITABLE */
export const writeNpz = (path: string, arrays: NumpyArrays): void => writeFileAtomically(path, encodeNpz(arrays));

/** Numeric arrays; string arrays are for other programs. @throws NOT_FOUND, NOT_READABLE, DATA */
export const readNpz = (path: string): Record<string, NumpyArray> =>
  Object.fromEntries(
    Object.entries(decodeNpz(readBytes(path, LARGEST), path)).filter(
      (entry): entry is [string, NumpyArray] => "data" in entry[1],
    ),
  );

/** Class names of a field, stored next to its codes: `z["label.names"][z["label"]]` in numpy. */
export const NAMES = ".names";
/** Mask stored next to the codes of a partly missing field: whether each example has it. The code of the others is -1. */
export const OBSERVED = ".observed";
