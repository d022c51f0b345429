/** Named arrays in one .npz: a zip of .npy files, as numpy.savez writes and numpy.load reads. */
import { writeFileAtomically } from "./files.js";
import { decodeNpy, encodeNpy, type NumpyArray, type NumpyText } from "./npy.js";
import { readBytes } from "./read-file.js";
import { readZip, writeZip } from "./zip.js";

export type NumpyArrays = Readonly<Record<string, NumpyArray | NumpyText>>;

export const encodeNpz = (arrays: NumpyArrays): Uint8Array =>
  writeZip(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)])));

/** More arrays than a run leaves; deflated, they fit a file of a few hundred KiB. */
const LARGEST = 2 ** 28;

/** @param where the file's name, for messages. @throws DATA; nothing is unpacked where it would be more than `LARGEST` */
export const decodeNpz = (bytes: Uint8Array, where: string): Record<string, NumpyArray | NumpyText> =>
  Object.fromEntries(
    Object.entries(readZip(bytes, where, LARGEST)).map(([file, content]) => [
      file.replace(/\.npy$/, ""),
      decodeNpy(content, `${where}/${file}`),
    ]),
  );

/** @throws NOT_WRITABLE */
export const writeNpz = (path: string, arrays: NumpyArrays): void => writeFileAtomically(path, encodeNpz(arrays));

/** The arrays of numbers; those of strings are for other programs. @throws NOT_FOUND, NOT_READABLE, DATA */
export const readNpz = (path: string): Record<string, NumpyArray> =>
  Object.fromEntries(
    Object.entries(decodeNpz(readBytes(path, LARGEST), path)).filter(
      (entry): entry is [string, NumpyArray] => "data" in entry[1],
    ),
  );

/** The names of a field's classes, for an array beside its codes: `z["label.names"][z["label"]]` in numpy. */
export const NAMES = ".names";
/** Beside the codes of a field that some examples lack: whether each of them has it. The code of those that do not is -1. */
export const OBSERVED = ".observed";
