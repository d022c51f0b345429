/** All of Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28 x 28, with labels. */
import { defineDataset } from "../../spec/define.js";
import { unseenArrays } from "../readers/new-arrays.js";
import { inspectPackaged, type PackagedIdx, packagedDataset, packagedFields } from "./packaged-idx.js";

const packaged: PackagedIdx = {
  type: "fashion-mnist",
  package: {
    registry: "debian",
    name: "dataset-fashion-mnist",
    version: "0.0~git20200523.55506a9-1",
    sha256: "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
    bytes: 30_900_652,
    files: {
      "./usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz": 26_421_856,
      "./usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz": 29_491,
      "./usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz": 4_422_079,
      "./usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz": 5_125,
    },
    examples: 70_000,
    license: "MIT (Zalando SE)",
  },
  // Xiao et al. 2017, table 2.
  classNames: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
};

export const fashionMnist = defineDataset({
  schema: {
    type: "object",
    title: "Fashion-MNIST",
    description:
      "60,000 training and 10,000 test images of clothes, 28 x 28, with labels; vaelab data add fashion-mnist fetches them",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "fashion-mnist" }, ...packagedFields },
  },
  source: "Xiao, Rasul & Vollgraf 2017, as the Debian package dataset-fashion-mnist holds it",
  package: packaged.package,
  unseen: unseenArrays,
  inspect: (fields, place) => inspectPackaged(packaged, fields, place),
  create: (fields, context) => packagedDataset(packaged, fields, context),
});
