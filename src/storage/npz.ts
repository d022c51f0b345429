/** Named arrays in one .npz: a zip of .npy files, as numpy.savez writes and numpy.load reads. */
import { readBytes, writeFileAtomically } from "./files.js";
import { decodeNpy, encodeNpy, type NumpyArray } from "./npy.js";
import { readZip, writeZip } from "./zip.js";

export type NumpyArrays = Readonly<Record<string, NumpyArray>>;

export const encodeNpz = (arrays: NumpyArrays): Uint8Array =>
  writeZip(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)])));

/** @param where the file's name, for messages. @throws DATA */
export const decodeNpz = (bytes: Uint8Array, where: string): Record<string, NumpyArray> =>
  Object.fromEntries(
    Object.entries(readZip(bytes, where)).map(([file, content]) => [
      file.replace(/\.npy$/, ""),
      decodeNpy(content, `${where}/${file}`),
    ]),
  );

/** @throws NOT_WRITABLE */
export const writeNpz = (path: string, arrays: NumpyArrays): void => writeFileAtomically(path, encodeNpz(arrays));

/** @throws NOT_FOUND, DATA */
export const readNpz = (path: string): Record<string, NumpyArray> => decodeNpz(readBytes(path), path);
