import { beforeAll, describe, expect, it } from "vitest";
import { closedFormKl, Laplace } from "../../src/distributions/index.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/latent-densities.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, tensorOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const rows = fixtures.laplaceKl;
const column = (which: "q" | "p", i: 0 | 1): number[][] => rows.map((row) => [row[which][i]!]);
const make = (location: Tensor, logScale: Tensor): Laplace => new Laplace(location, logScale);
const [q, p] = (["q", "p"] as const).map((which) => () => [tensorOf(column(which, 0)), tensorOf(column(which, 1))]) as [
  () => [Tensor, Tensor],
  () => [Tensor, Tensor],
];

// test/distributions/location-scale.test.ts compares its density, mean, variance and draws.
describe("the KL of two Laplace distributions", () => {
  it("is the integral of q ln q / p", () => {
    const kl = closedFormKl(make(...q()), make(...p()))!;
    expectClose(
      kl.total(),
      rows.map((row) => row.kl),
      2e-6,
    );
    expect(kl.elements!().shape).toEqual([rows.length, 1]);
  });

  it("has gradients in both locations and scales that differences confirm", () => {
    // Apart: at equal locations |m - m'| has none, and differences only say 0.
    const some = (tensor: Tensor): Tensor => tf.slice(tensor, 1, 3);
    const [m, l, otherM, otherL] = [...q(), ...p()].map(some) as [Tensor, Tensor, Tensor, Tensor];
    const kl = (...[m, l, otherM, otherL]: [Tensor, Tensor, Tensor, Tensor]): Tensor =>
      tf.mul(0.05, tf.mean(make(m, l).klElements(make(otherM, otherL))));
    expectGradient((x) => kl(x, l, otherM, otherL), m);
    expectGradient((x) => kl(m, x, otherM, otherL), l);
    expectGradient((x) => kl(m, l, x, otherL), otherM);
    expectGradient((x) => kl(m, l, otherM, x), otherL);
  });
});

describe("a batch of Laplace distributions", () => {
  it("has another arrangement, members that can be selected, and a copy without gradients", () => {
    const all = make(...q());
    expect(all.withBatch([1, rows.length]).batchShape).toEqual([1, rows.length]);
    expectClose(all.withBatch([1, rows.length]).mean(), [column("q", 0)]);
    const chosen = all.select(tf.reverse(tf.eye(rows.length), 1));
    expectClose(chosen.mean(), column("q", 0).toReversed());
    expectClose(chosen.variance(), tf.reverse(all.variance(), 0).arraySync() as never);
    const [m, l] = q();
    const gradient = tf.grad((x: Tensor) =>
      tf.sum(
        tf.add(
          x,
          make(x, l)
            .detached()
            .logProb(tf.zeros([1])),
        ),
      ),
    )(m);
    expectClose(
      gradient,
      column("q", 0).map(() => [rows.length]),
    );
  });
});
