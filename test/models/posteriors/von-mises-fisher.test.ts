import { beforeAll, describe, expect, it } from "vitest";
import { VonMisesFisher } from "../../../src/distributions/index.js";
import type { Engine } from "../../../src/engine/engine.js";
import { posteriorMean } from "../../../src/inference/elbo-terms.js";
import { inferredFrom, makeSite } from "../../../src/inference/site.js";
import { vonMisesFisher } from "../../../src/models/posteriors/index.js";
import { useEngine } from "../../support/engine.js";
import { noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";
import { readsTheFeatures } from "./spheres.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the von Mises-Fisher posterior", () => readsTheFeatures(vonMisesFisher, VonMisesFisher));

it("stands for its draws by a point of the sphere, averaged over what it depends on within the sphere", () => {
  const directions = tensorOf([[[1, 0]], [[0, 1]]]);
  const q = new VonMisesFisher(directions, tensorOf([[3], [3]]));
  const value = q.sample(noiseOf(engine), "z", []);
  const site = makeSite({
    name: "z",
    q,
    p: q,
    support: "sphere",
    noise: noiseOf(engine),
    samples: 2,
    drawn: { value, logProb: q.logProb(value) },
  });
  const code = valuesOf(posteriorMean(inferredFrom([site], 2), "z"));
  expect(code).toEqual([expect.closeTo(Math.SQRT1_2, 5), expect.closeTo(Math.SQRT1_2, 5)]);
});
