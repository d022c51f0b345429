import { describe, expect, it } from "vitest";
import { idx } from "../../../src/data/readers/idx.js";
import { npz } from "../../../src/data/readers/npz.js";
import { errorOf } from "../../support/error-of.js";
import { create, inspect, readAll } from "../support/files.js";

const fields = { type: "npz", file: "digits.npz", values: "x_train", labels: "y_train" };
const official = { testValues: "x_test", testLabels: "y_test" };

describe("npz", () => {
  it("holds what the same digits' idx files hold", async () => {
    const archive = await create(npz, { ...fields, ...official });
    const files = await create(idx, {
      type: "idx",
      images: "train-images.idx3-ubyte",
      labels: "train-labels.idx1-ubyte",
      testImages: "test-images.idx3-ubyte",
      testLabels: "test-labels.idx1-ubyte",
    } as never);
    expect(readAll(archive, "test")).toEqual(readAll(files, "test"));
    expect(archive.sizes).toEqual(files.sizes);
    expect(archive.fields).toEqual(files.fields);
  });

  it("wants the array's name where there are several, and names those there are", () => {
    const message = (more: object) =>
      errorOf(() => inspect(npz, { type: "npz", file: "digits.npz", ...more } as never)).message;
    expect(message({})).toContain('Set "values" to one of: x_train, x_test, y_train, y_test, bits');
    expect(message({ values: "x_trian" })).toContain('has no array "x_trian". It holds: x_train');
  });
});
