/** Arrays and images of examples that are not the data set's: .npy, .npz, idx, a folder of images or a single one. */
import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { ExampleFile, KeptDescription, Unseen } from "../../contracts/unseen.js";
import { type FieldSchema, showShape, sizeOf } from "../../tensor/fields.js";
import { unseenGray } from "../gray.js";
import { type ArrayFile, arraySource } from "./arrays.js";
import { accessing, type DataFile, damaged, withFile } from "./data-file.js";
import { readIdx } from "./idx-format.js";
import { imageHeader } from "./image-headers.js";
import { type ListedImage, listImages } from "./image-listing.js";
import { readPixels, toGray } from "./image-pixels.js";
import { openNpz, readNpy } from "./npy-format.js";

type Values = Extract<ExampleFile, { kind: "values" }>;

/** Axes of length 1 aside, the file's example has the field's shape, or it is flat. */
const fits = (own: readonly number[], shape: readonly number[]): boolean => {
  const longer = (sizes: readonly number[]): string => sizes.filter((size) => size !== 1).join();
  return longer(own) === longer(shape) || (own.length === 1 && own[0] === sizeOf(shape));
};

const ofArray = (array: ArrayFile, { shape }: FieldSchema): Values => {
  const [count = 0, ...own] = array.shape;
  if (!fits(own, shape))
    throw damaged(
      array.name,
      `its examples have the shape ${showShape(own)}, but the model reads ${showShape(shape)}`,
      {
        remedy: "Save an array [examples, ...] whose examples have that shape.",
      },
    );
  const source = arraySource(array, array.open(), { support: "real" });
  return {
    kind: "values",
    count,
    bytes: array.type.kind === "integer" && array.type.bytes === 1,
    read: async (start, rows) => {
      const values = new Float32Array(rows * source.width);
      for (let row = 0; row < rows; row++) source.fill(start + row, values, row * source.width);
      return values;
    },
  };
};

const ofImages = (images: readonly ListedImage[], { shape }: FieldSchema): Values => {
  const [height, width, channels] = shape;
  const size = sizeOf(shape);
  return {
    kind: "values",
    count: images.length,
    bytes: true,
    read: async (start, rows) => {
      const values = new Float32Array(rows * size);
      for (const [row, { file, header }] of images.slice(start, start + rows).entries()) {
        const read = await readPixels(file, header);
        if (read.height !== height || read.width !== width)
          throw damaged(
            file.name,
            `it has ${read.width} x ${read.height} pixels, but the model reads ${width} x ${height}`,
            {
              remedy: "Resize it.",
            },
          );
        const pixels = channels === 1 ? toGray(read) : read;
        const repeated = pixels.channels < channels! ? channels! : 1;
        for (let i = 0; i < size; i++) values[row * size + i] = pixels.data[Math.floor(i / repeated)]!;
      }
      return values;
    },
  };
};

const REMEDY = "Give an .npy, .npz or idx file, a .png or .jpg, or a folder of images.";

/** @param field that the examples are values of. @throws DATA */
export const newArrays = (file: DataFile, field: FieldSchema): Values => {
  if (accessing(file, () => statSync(file.path)).isDirectory()) return ofImages(listImages(file), field);
  if (/\.npy(\.gz)?$/i.test(file.path)) return ofArray(readNpy(file), field);
  if (/\.(png|jpe?g)$/i.test(file.path))
    return ofImages([{ file, header: withFile(file, (bytes) => imageHeader(bytes, file.name)) }], field);
  if (/\.npz$/i.test(file.path)) {
    const archive = openNpz(file);
    const name =
      archive.names.length === 1
        ? archive.names[0]!
        : ["x", "image", "values"].find((each) => archive.names.includes(each));
    if (name === undefined)
      throw damaged(file.name, `it holds ${archive.names.join(", ")}, and none is called x, image or values`, {
        remedy: "Rename the array of examples.",
      });
    return ofArray(archive.array(name), field);
  }
  if (/(^|[.-])(idx|ubyte)\d?|idx\d-ubyte(\.gz)?$/i.test(basename(file.path))) return ofArray(readIdx(file), field);
  throw damaged(file.name, "its ending is none of a file of examples", { remedy: REMEDY });
};

/** How the arrays and images of a data set whose values are gray or plain numbers are prepared, and read from files. */
export const unseenArrays = (
  options: Readonly<Record<string, unknown>>,
  { fields, modeled }: KeptDescription,
): Unseen => ({
  ...unseenGray(options),
  open: (path) => newArrays({ name: path, path: resolve(path) }, fields[modeled]!),
});
