/** PNG and JPEG images, in one folder per class or in a single folder. They are decoded once and held as bytes. */
import type { DataPlace, Dataset, DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { defineDataset } from "../../spec/define.js";
import { sortNames, withClasses } from "../class-names.js";
import type { Source } from "../split.js";
import { damaged, fileAt, LARGEST_WHOLE } from "./data-file.js";
import {
  type Counts,
  datasetOf,
  type FileOptions,
  grayField,
  grayFields,
  pathField,
  sizesOf,
  splitFields,
} from "./file-dataset.js";
import { type ListedImage, listImages } from "./image-listing.js";
import { isTurned } from "./image-orientation.js";
import { type Color, readPixels, resize, toGray } from "./image-pixels.js";
import { labelField, labelSources } from "./labels.js";
import { unseenArrays } from "./new-arrays.js";

interface Listing {
  description: DatasetDescription;
  counts: Counts;
  images: ListedImage[];
  shape: readonly [height: number, width: number, channels: number];
  /** Class of each image. */
  labels?: number[];
}

/** Upright. */
const sideLengths = ({
  header: { width, height, orientation },
}: ListedImage): readonly [height: number, width: number] =>
  isTurned(orientation) ? [width, height] : [height, width];
const sizeOf = (image: ListedImage): string => {
  const [height, width] = sideLengths(image);
  return `${width} x ${height} pixels`;
};

/** The common size or channels of all images, or the requested ones. */
const shapeOf = (images: readonly ListedImage[], { resize: asked, channels }: FileOptions): Listing["shape"] => {
  const [first] = images as readonly [ListedImage];
  if (asked === undefined) {
    const other = images.find((image) => sizeOf(image) !== sizeOf(first));
    if (other) {
      const remedy = 'Set "resize": [height, width] to give them all one size.';
      throw damaged(other.file.name, `it has ${sizeOf(other)}, but ${first.file.name} has ${sizeOf(first)}`, {
        remedy,
      });
    }
  }
  const other = images.find(({ header }) => header.channels !== first.header.channels);
  if (channels === "as-is" && other) {
    const kind = (image: ListedImage): string => (image.header.channels === 1 ? "gray" : "in color");
    const remedy = 'Set "channels": "gray" or "color".';
    throw damaged(other.file.name, `it is ${kind(other)}, but ${first.file.name} is ${kind(first)}`, { remedy });
  }
  const depth = channels === "as-is" ? first.header.channels : channels === "gray" ? 1 : 3;
  const [height, width] = Array.isArray(asked) ? asked.map(Number) : sideLengths(first);
  return [height!, width!, depth];
};

const list = (fields: FileOptions, place: DataPlace): Listing => {
  const first = listImages(fileAt(place, String(fields.folder)));
  const test = fields.testFolder === undefined ? [] : listImages(fileAt(place, String(fields.testFolder)));
  const images = [...first, ...test];
  const shape = shapeOf(images, fields);
  const bytes = images.length * shape[0] * shape[1] * shape[2];
  if (bytes > LARGEST_WHOLE) {
    throw new VaelabError("SPEC_INVALID", {
      message: `${images.length} images of ${shape.join(" x ")} take ${bytes} bytes: too many for memory`,
      where: "/data",
      remedy: 'Shrink them by "resize", or save them as .npy, which is read in place.',
    });
  }
  const names = sortNames(first.flatMap(({ className }) => className ?? []));
  const labels = images.map(({ className, file }) => {
    const label = className === undefined ? -1 : names.indexOf(className);
    if (names.length > 0 === label < 0)
      throw damaged(
        file.name,
        className === undefined ? "it has no class" : `there is no class "${className}" to train on`,
      );
    return label;
  });
  const counts = { count: first.length, ...(fields.testFolder !== undefined && { official: test.length }) };
  const image = grayField({ kind: "image", shape, support: "unit" }, fields, true);
  const description: DatasetDescription = {
    fields: { image, ...(names.length > 0 && { label: labelField(names.length, names) }) },
    modeled: "image",
    sizes: sizesOf(fields, counts),
  };
  return { description, counts, images, shape, ...(names.length > 0 && { labels }) };
};

/** Decodes all images. */
const pixelsOf = async ({ images, shape: [height, width, channels] }: Listing, background: Color): Promise<Source> => {
  const size = height * width * channels;
  const bytes = new Uint8Array(images.length * size);
  for (const [i, { file, header }] of images.entries()) {
    const read = await readPixels(file, header, background);
    const { data } = resize(channels === 1 ? toGray(read) : read, { height, width });
    if (data.length === size) bytes.set(data, i * size);
    else for (let j = 0; j < size; j++) bytes[i * size + j] = data[Math.floor(j / channels)]!;
  }
  return {
    width: size,
    fill: (row, out, at) => {
      for (let i = 0; i < size; i++) out[at + i] = bytes[row * size + i]! / 255;
    },
  };
};

export const imageFolder = defineDataset({
  schema: {
    type: "object",
    title: "images in folders",
    description: "8-bit PNG and JPEG files, in one folder per class or in a single folder",
    required: ["type", "folder"],
    additionalProperties: false,
    properties: {
      type: { const: "image-folder" },
      folder: pathField("Folder of images, or of one folder per class"),
      testFolder: pathField("Official test set, with the same layout; the test split is drawn only from it"),
      channels: {
        enum: ["as-is", "gray", "color"],
        default: "as-is",
        description:
          "as-is: keep the files' channels, which must agree; gray: convert to gray (ITU-R 601); color: convert to RGB",
      },
      background: {
        type: "array",
        minItems: 3,
        maxItems: 3,
        items: { type: "integer", minimum: 0, maximum: 255 },
        default: [255, 255, 255],
        description: "Red, green and blue of the background behind transparent PNG pixels",
      },
      resize: {
        type: "array",
        minItems: 2,
        maxItems: 2,
        items: { type: "integer", minimum: 1, maximum: 4096 },
        description:
          "[height, width] to resize to, by averaging over the area of each new pixel. Without it all images must have one size",
      },
      ...grayFields,
      ...splitFields,
    },
  },
  source: "PNG: ISO/IEC 15948, by fast-png; JPEG: ITU-T T.81, by jpeg-js",
  unseen: unseenArrays,
  inspect: (fields, place) => list(fields, place).description,
  create: async (fields, context): Promise<Dataset> => {
    const listing = list(fields, context);
    const { description, counts, labels } = listing;
    const sources = {
      image: await pixelsOf(listing, fields.background as unknown as Color),
      ...(labels && { label: labelSources(labels).values }),
    };
    const { seed, binarize, dequantize } = fields;
    const dataset = datasetOf("image-folder", { description, counts }, seed, sources, { gray: binarize, dequantize });
    return withClasses(dataset, context.preparation);
  },
});
