/** A bijection that breaks a law is told so: which law, what was found, what was expected. */
import { describe, expect, test } from "vitest";
import type { Mapped } from "../../../src/contracts/bijection.js";
import { defineBijection } from "../../../src/spec/define.js";
import { zeros } from "../../../src/tensor/initializers.js";
import { stopGradient, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { bijectionLaws } from "../../../src/testing/laws/bijection.js";
import { useEngine } from "../../support/engine.js";
import { failuresOf } from "../failures.js";

const engine = await useEngine();

interface Faults {
  invertible?: boolean;
  logDet?: (total: Tensor) => Tensor;
  value?: (y: Tensor) => Tensor;
  inverse?: (x: Tensor) => Tensor;
  factor?: (logFactor: Tensor) => Tensor;
}
const same = (x: Tensor): Tensor => x;
/** y = exp(a) x, with one fault or none. */
const scale = ({ invertible = true, logDet = same, value = same, inverse = same, factor = same }: Faults = {}) =>
  defineBijection({
    schema: {
      type: "object",
      title: "scale",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "own-scale" } },
    },
    capabilities: () => (invertible ? ["invertible"] : []),
    create: (_, { shape, parameters }) => {
      const logFactor = parameters("log-factor", shape, zeros);
      return {
        at: () => {
          const moved = factor(logFactor.value);
          const total = tf.sum(moved);
          const along = (x: Tensor, sign: number): Mapped => ({
            value: tf.mul(x, tf.exp(tf.mul(sign, moved))),
            logDet: tf.mul(sign, total),
          });
          return {
            forward: (x) => ({ value: value(along(x, 1).value), logDet: logDet(along(x, 1).logDet) }),
            inverse: (y) => ({ ...along(y, -1), value: inverse(along(y, -1).value) }),
          };
        },
      };
    },
  });
const broken = (faults: Faults, named: RegExp): Promise<string[]> =>
  failuresOf(bijectionLaws(engine, scale(faults)), named);

test("a right one passes every law", async () => {
  expect(await failuresOf(bijectionLaws(engine, scale()))).toEqual([]);
});

describe("a wrong one fails", () => {
  test("by its log-determinant, with the value of the Jacobian", async () => {
    const [message, ...others] = await broken({ logDet: (total) => tf.neg(total) }, /of \[3\]: the log-determinant/);
    expect(others).toEqual([]);
    expect(message).toMatch(
      /^bijection\/own-scale: of \[3\]: the log-determinant is that of the Jacobian by differences {2}element \d of logDet of forward, beside the numeric Jacobian, is -?\d.*, expected -?\d.* within 0\.002; 4 of 4 elements are off$/,
    );
  });
  test("by the mass of what it makes of a Gaussian", async () => {
    const half = { logDet: (total: Tensor) => tf.add(total, Math.LN2), inverse: same };
    const laws = bijectionLaws(engine, scale({ ...half, factor: (a) => tf.add(a, Math.LN2) }));
    expect(await failuresOf(laws, /integrates to 1/)).toEqual([]);
    expect((await broken({ inverse: (x) => tf.mul(x, 1.1) }, /integrates to 1/)).join()).toMatch(
      /element 0 of the total mass is 0\.8\d+, expected 1 within 0\.0005$/,
    );
  });
  test("by an inverse that does not lead back, or is not declared", async () => {
    expect((await broken({ inverse: (x) => tf.add(x, 0.01) }, /of \[1\]: the inverse/)).join()).toContain(
      "inverse(forward(x)) is",
    );
    expect(await broken({ invertible: false }, /of \[1\]: the inverse/)).toEqual([
      'bijection/own-scale: of [1]: the inverse leads back, if there is one  "invertible" is not declared, and the map has an inverse',
    ]);
  });
  test("by shapes, and by mixing the rows of a batch", async () => {
    expect((await broken({ value: (y) => tf.mean(y, 0) }, /of \[3\]: the shapes/)).join()).toContain(
      "the value of forward has the shape [3], expected [4, 3]",
    );
    const mixed = (y: Tensor): Tensor => tf.sub(y, tf.mean(y, 0, true));
    expect((await broken({ value: mixed }, /of \[3\]: the shapes/)).join()).toContain(
      "of the value of two examples by themselves is",
    );
  });
  test("by a gradient that is cut", async () => {
    expect(
      (await broken({ factor: (a) => tf.add(stopGradient(a), tf.mul(0, a)) }, /of \[1\]: gradients/)).join(),
    ).toMatch(/of the gradient of the parameter "bijection\/log-factor" is 0, expected -?\d/);
  });
});
