import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { DatasetDescription } from "../../../src/contracts/dataset.js";
import { mnist } from "../../../src/data/packaged/mnist.js";
import { idx } from "../../../src/data/readers/idx.js";
import { inspectDataset } from "../../../src/registry/checking/inspect.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { errorOf } from "../../support/error-of.js";
import { create, EXPECTED, readAll } from "../support/files.js";
import { emptyCache, placeSmall } from "../support/packaged.js";

const fields = { type: "mnist", binarize: "none", dequantize: false, seed: 0 };
const catalogue = createCatalogue(builtins);
/** As validation does, and as a run does, from a folder that does not hold the files. */
const inspected = (): DatasetDescription | undefined => inspectDataset(fields, { folder: "elsewhere" }, catalogue);
const built = () =>
  createBuilder(catalogue).build("dataset", fields, "/data", { dataset: () => ({ folder: "elsewhere" }) });

describe("mnist", () => {
  it("is refused with the command that fetches it, where it is not on this machine", async () => {
    emptyCache();
    const { problems } = errorOf(inspected);
    expect(problems).toEqual([
      { message: 'the data set "mnist" is not on this machine', remedy: "Run: vaelab data add mnist" },
    ]);
    await expect(built()).rejects.toMatchObject({ code: "DATA", problems });
  });

  it("holds what idx holds of its files, wherever the spec lies", async () => {
    emptyCache();
    const folder = placeSmall(mnist);
    expect(inspected()).toEqual({
      fields: {
        image: { kind: "image", shape: [8, 8, 1], support: "unit" },
        label: { kind: "label", shape: [], support: "categorical", classes: 10 },
      },
      modeled: "image",
      sizes: { train: 108, validation: 12, test: 40 },
    });
    const dataset = await built();
    const files = {
      images: "train-images-idx3-ubyte",
      labels: "train-labels-idx1-ubyte",
      testImages: "t10k-images-idx3-ubyte",
      testLabels: "t10k-labels-idx1-ubyte",
    };
    // The official test set in its own order, whatever the name of the data set.
    expect(readAll(dataset, "test")).toEqual(
      readAll(await create(idx, { type: "idx", ...files } as never, folder), "test"),
    );
    expect(Array.from(readAll(dataset, "test").label!)).toEqual(EXPECTED.test.labels);
  });

  it("says how a file that was lost comes back", () => {
    emptyCache();
    rmSync(join(placeSmall(mnist), "t10k-labels-idx1-ubyte"));
    const { message } = errorOf(inspected);
    expect(message).toContain("t10k-labels-idx1-ubyte  there is no such file");
    expect(message).toContain("Run: vaelab data add mnist --force");
  });
});
