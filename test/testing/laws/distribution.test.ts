/** A distribution that breaks a law is told so: which law, what was found, what was expected. */
import { describe, expect, test } from "vitest";
import type { ClosedFormKl, Distribution } from "../../../src/contracts/distribution.js";
import { Laplace } from "../../../src/distributions/laplace.js";
import { stopGradient, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { type DistributionCase, distributionLaws } from "../../../src/testing/laws/distribution.js";
import { useEngine } from "../../support/engine.js";
import { failuresOf } from "../failures.js";

const engine = await useEngine();

/** Without the family by which the table of closed forms knows a Laplace distribution: its own `klTo` answers. */
class Own extends Laplace {
  override readonly family = "own" as "laplace";
  constructor(location: Tensor, logScale: Tensor) {
    super(location, logScale, 1);
  }
  override detached(): Own {
    return new Own(stopGradient(this.location), stopGradient(this.logScale));
  }
  override withBatch(batchShape: readonly number[]): Own {
    const arranged = (x: Tensor): Tensor => tf.reshape(this.whole(x), [...batchShape, ...this.eventShape]);
    return new Own(arranged(this.location), arranged(this.logScale));
  }
  klTo(p: Distribution): ClosedFormKl | undefined {
    if (!(p instanceof Own)) return undefined;
    return { total: () => tf.sum(this.klElements(p), -1), elements: () => this.klElements(p) };
  }
}
const tried = (make: DistributionCase["make"]): DistributionCase => ({
  name: "Own",
  make,
  parameters: [
    [[0.4], [-0.9]],
    [[0.2], [-0.5]],
  ],
  klTo: { another: () => new Own(tf.tensor1d([0.1]), tf.tensor1d([0.3])) },
});
type Changes = (p: Own) => Partial<Distribution>;
const broken = (changes: Changes, named: RegExp): Promise<string[]> => {
  const make = (location: Tensor, logScale: Tensor): Distribution => {
    const p = new Own(location, logScale);
    return Object.assign(p, changes(new Own(location, logScale)));
  };
  return failuresOf(
    distributionLaws(
      engine,
      tried((m, l) => make(m!, l!)),
    ),
    named,
  );
};

test("a right one passes every law", async () => {
  const laws = distributionLaws(
    engine,
    tried((m, l) => new Own(m!, l!)),
  );
  expect(laws).toHaveLength(6);
  expect(await failuresOf(laws)).toEqual([]);
});

describe("a wrong one fails", () => {
  test("where logProb averages the batch, or keeps the event", async () => {
    expect(await broken((p) => ({ logProb: (x) => tf.mean(p.logProb(x), -1) }), /draws are/)).toEqual([
      "Own: draws are [...sample, ...batch, ...event], and logProb leaves the event out  the logProb of sampleAndLogProb with the sample shape [] has the shape [], expected [2]",
    ]);
    expect((await broken((p) => ({ logProb: (x) => p.logProbElements(x) }), /draws are/)).join()).toContain(
      "has the shape [2, 1], expected [2]",
    );
  });
  test("where a density lacks its constant", async () => {
    const lacking: Changes = (p) => ({ logProb: (x) => tf.add(p.logProb(x), Math.LN2) });
    expect((await broken(lacking, /the mass/)).join()).toMatch(
      /^Own: draws lie in the support, the mass is 1.* {2}element 0 of the total mass is [12]\.\d+, expected 1 within 0\.0001$/,
    );
  });
  test("where draws have another scale, or another shape of the same variance", async () => {
    const wider: Changes = (p) => ({
      sample: (...args) => tf.add(p.mean(), tf.mul(1.05, tf.sub(p.sample(...args), p.mean()))),
    });
    expect((await broken(wider, /the mass/)).join()).toMatch(
      /the mean of .* over 40000 draws is .*, expected .* within/,
    );
    // A uniform draw with the moments of the density, up to the second.
    const uniform: Changes = (p) => ({
      sample: (noise, site, shape) => {
        const u = tf.sub(noise.uniform(site, [...shape, ...p.batchShape, ...p.eventShape]), 0.5);
        return tf.add(p.mean(), tf.mul(u, tf.sqrt(tf.mul(12, p.variance()))));
      },
    });
    expect((await broken(uniform, /the mass/)).join()).toMatch(
      /of 40000 draws fall in \[.*\), where logProb has the mass/,
    );
  });
  test("where draws leave the support", async () => {
    const positive = { ...tried((m, l) => new Own(m!, l!)), support: "positive" } as const;
    expect((await failuresOf(distributionLaws(engine, positive), /support/)).join()).toMatch(
      /the draw \[-\d.*\] lies outside the support, expected "positive"$/,
    );
  });
  test("where a member of a batch depends on the others", async () => {
    const mixing: Changes = (p) => ({ logProb: (x) => tf.add(p.logProb(x), tf.mean(p.mean())) });
    expect((await broken(mixing, /each member/)).join()).toContain("of logProb of a batch is");
  });
  test("where a gradient is cut", async () => {
    const cut: Changes = (p) => ({
      logProb: (x) => p.detached().logProb(x),
      sample: (...args) => p.detached().sample(...args),
    });
    const messages = (await broken(cut, /gradients/)).join();
    expect(messages).toMatch(
      /gradients of logProb agree with differences {2}no gradient reaches parameter 0, expected one/,
    );
    expect(messages).toMatch(
      /gradients of draws agree with differences, .* no gradient reaches parameter 0, expected one/,
    );
  });
  test("where a closed-form KL is off by a factor, or is none", async () => {
    const doubled: Changes = (p) => ({
      klTo: (other) => ({ total: () => tf.mul(2, p.klTo(other)!.total()) }),
    });
    expect((await broken(doubled, /KL/)).join()).toMatch(
      /the mean of ln q - ln p of member 0, which the closed form states, over 20000 draws is 0\.\d+, expected 0\.\d+ within/,
    );
    expect(await broken(() => ({ klTo: () => undefined }), /KL/)).toEqual([
      "Own: the closed form of the KL to another is what draws estimate, and has the gradients of differences  KL(q || p) has no closed form: klTo returns undefined, and the table has no such pair",
    ]);
  });
});
