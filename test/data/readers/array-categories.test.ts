import { describe, expect, it } from "vitest";
import { npy } from "../../../src/data/readers/npy.js";
import { errorOf } from "../../support/error-of.js";
import { npyFile } from "../support/damage.js";
import { create, folderWith, inspect, readAll, rowsOf } from "../support/files.js";

const bytes = (shape: readonly number[], value: (i: number) => number): Uint8Array =>
  npyFile(
    "|u1",
    `(${shape.join(", ")})`,
    Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(i)),
  );
const SIZE = 20;
const written = () =>
  folderWith({
    "codes.npy": bytes([SIZE, 3], (i) => i % 5),
    "bits.npy": bytes([SIZE, 2, 4], (i) => Number(i % 4 === Math.floor(i / 4) % 3)),
    "first.npy": bytes([SIZE, 3, 2, 5], (i) => Number(Math.floor((i % 30) / 10) === (i % 10) % 3)),
  });
const fields = (values: string, more: object) => ({ type: "npy", values, ...more }) as never;
const described = (values: string, more: object, folder = written()) =>
  inspect(npy, fields(values, more), folder).fields;
const failure = (values: string, more: object): Promise<string> =>
  create(npy, fields(values, more), written()).then(
    () => "nothing",
    (error: Error) => error.message,
  );

describe("arrays of categories", () => {
  it("hold codes below the number of classes that the spec states", async () => {
    const options = { support: "categorical", classes: 5 };
    expect(described("codes.npy", options).x).toEqual({
      kind: "vector",
      shape: [3],
      support: "categorical",
      classes: 5,
    });
    const dataset = await create(npy, fields("codes.npy", options), written());
    expect(new Set(readAll(dataset, "train").x)).toEqual(new Set(rowsOf(5)));
    expect(await failure("codes.npy", { ...options, classes: 4 })).toMatch(
      /codes\.npy row \d+, element \d \(byte \d+\) {2}4 is not a code from 0 to 3/,
    );
    const message = (more: object) => errorOf(() => described("codes.npy", more)).message;
    expect(message({ support: "categorical" })).toContain(
      'need the number of categories. Set it, as in "classes": 10.',
    );
    expect(message({ support: "real", classes: 5 })).toContain('values with support "real" have no classes');
  });

  it("hold one-hot vectors along the last axis, once channels that come first are moved there", async () => {
    const options = { support: "one-hot" };
    const image = { kind: "image", shape: [1, 2, 4], support: "one-hot" };
    expect(described("bits.npy", { ...options, shape: [1, 2, 4], channels: "last" }).image).toEqual(image);
    expect(errorOf(() => described("bits.npy", options)).message).toContain("but the last axis of an example has 1");
    const dataset = await create(npy, fields("first.npy", { ...options, channels: "first" }), written());
    expect(dataset.fields.image!.shape).toEqual([2, 5, 3]);
    const row = rowsOf(30).map((i) => Number(i % 3 === Math.floor(i / 3) % 3));
    expect(Array.from(readAll(dataset, "test").image!)).toEqual([...row, ...row]);
    expect(await failure("first.npy", { ...options, shape: [6, 5] })).toContain("the last axis of an example has 1");
    expect(await failure("first.npy", { ...options, shape: [3, 2, 5], channels: "last" })).toMatch(
      /row \d+, elements 0 to 4 {2}2 of 5 are 1, but a one-hot vector has exactly one/,
    );
  });
});
