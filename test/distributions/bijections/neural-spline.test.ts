import { expect, it } from "vitest";
import { neuralSpline } from "../../../src/distributions/bijections/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { assertCapturedLikeEager } from "../../../src/testing/steps.js";
import fixtures from "../../fixtures/splines.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

it("moves one half along splines that depend on the other half", async () => {
  await useEngine();
  const store = new ParameterStore();
  const [, row] = fixtures.rows;
  const { bound, widths, heights, slopes, points } = row!;
  const fields = { couplings: 1, hidden: [], bins: widths.length, bound };
  const bijection = build(neuralSpline, fields, { shape: [2], parameters: store.scope("f") });
  // Of x_1, the spline of the fixture if x_2 is 1, and the identity if x_2 is 0; the spline of x_2, which stays, is another.
  const zeros = (of: readonly number[]): number[] => of.map(() => 0);
  const head = (name: string, raw: readonly number[]) => ({
    [`f/coupling-0/${name}/weights`]: tensorOf([
      [...raw.map((value) => value + 7), ...raw],
      [...raw, ...raw],
    ]),
    [`f/coupling-0/${name}/bias`]: tensorOf([...zeros(raw), ...raw]),
  });
  const bindings = { ...head("widths", widths), ...head("heights", heights), ...head("slopes", slopes) };
  const { forward, inverse } = store.bind(bindings, () => bijection.at({ call: calling() }));
  const at = (other: number): number[][] => points.map((x) => [x, other]);
  const { value, logDet } = forward(tensorOf(at(1)));
  expectClose(
    value,
    row!.value.map((y) => [y, 1]),
    2e-5,
  );
  expectClose(logDet, row!.logSlope, 2e-4);
  expectClose(inverse!(value).value, at(1), 1e-4);
  expectClose(forward(tensorOf(at(0))).value, at(0), 1e-5);
  expectClose(forward(tensorOf(at(0))).logDet, tf.zeros([points.length]).arraySync() as number[], 1e-4);
});

it("trains in the posterior and in the prior, captured as it is eagerly", async () => {
  const engine = await useEngine();
  const layers = [{ type: "neural-spline", hidden: [4], bins: 3, bound: 2 }];
  const vamp = { type: "vamp", components: 3 };
  for (const model of [{ prior: { type: "flow", layers } }, { posterior: { type: "flow", layers }, prior: vamp }])
    assertCapturedLikeEager(engine, await setUp(await loadWritten({ model })));
});

it("refuses a bound that is not above 0, and a single bin", async () => {
  const written = (fields: object) =>
    loadWritten({ model: { prior: { type: "flow", layers: [{ type: "neural-spline", ...fields }] } } });
  await expect(written({ bound: 0 })).rejects.toThrow(/layers\/0\/bound/);
  await expect(written({ bins: 1 })).rejects.toThrow(/layers\/0\/bins/);
});
