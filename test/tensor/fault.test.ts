/** What memory that ran out looks like in each of the layers, and what a fault is called. */
import { expect, test } from "vitest";
import { VaelabError } from "../../src/errors.js";
import { asVaelabError } from "../../src/tensor/fault.js";
import { asOwner } from "../../src/tensor/owner.js";
import { errorOf } from "../support/error-of.js";

const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

test.each<[string, () => unknown]>([
  ["an array", () => new ArrayBuffer(2 ** 52)],
  ["a typed array", () => new Float32Array(2 ** 40)],
  ["a list", () => Array(2 ** 32)],
  ["a text", () => "x".repeat(2 ** 30)],
  ["a list of bytes", () => Buffer.concat([Buffer.alloc(1)], 2 ** 50)],
])("%s that is too large", (_, allocate) => {
  const error = asVaelabError(thrownBy(allocate));
  expect(error).toMatchObject({ code: "MEMORY", exitCode: 1 });
  expect(error.message).toMatch(/^the memory ran out: .+ Make the model, the batch or the data set smaller/);
});

test("WebAssembly", () => {
  const error = new RangeError("WebAssembly.Memory.grow(): Maximum memory size exceeded");
  expect(asVaelabError(error).code).toBe("MEMORY");
});

test("TensorFlow's status 8 says what could not be allocated, and in which component", () => {
  const said = "OOM when allocating tensor with shape[2147483648] and type float on CPU";
  const error = thrownBy(() =>
    asOwner("encoder/mlp", () => {
      throw new Error(`Invalid TF_Status: 8\nMessage: ${said}`);
    }),
  );
  expect(asVaelabError(error).problems[0]!.message).toBe(`the memory ran out, in encoder/mlp: Message: ${said}`);
});

test("anything else is a fault, and an error of vaelab itself", () => {
  const fault = asVaelabError(new TypeError("boom\nmore"));
  expect(fault).toMatchObject({ code: "INTERNAL", exitCode: 1, problems: [{ message: "TypeError: boom" }] });
  expect(fault.problems[0]!.remedy).toMatch(/^This is a fault in vaelab/);
  expect(asVaelabError("text").problems[0]!.message).toBe("text");
  const own = errorOf(() => {
    throw new VaelabError("DATA", { message: "x" });
  });
  expect(asVaelabError(own)).toBe(own);
});
