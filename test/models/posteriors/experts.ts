/** Posteriors of Gaussian experts at the parameters of a fixture. */
import type { Distribution } from "../../../src/contracts/distribution.js";
import type { productOfExperts } from "../../../src/models/posteriors/index.js";
import type { Definition } from "../../../src/spec/define.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/experts.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { tensorOf } from "../../support/tensors.js";

const FIELDS = ["a", "b", "c"];

/** Features are the mean and the log-variance themselves, which the layers of each expert pick. */
export const posteriorOf = (definition: Definition<"posterior">, masked: boolean): Distribution => {
  const store = new ParameterStore();
  const features = Object.fromEntries(FIELDS.map((name) => [name, [4]]));
  const posterior = build(
    definition as typeof productOfExperts,
    {},
    {
      features,
      latent: [2],
      parameters: store.scope("posterior"),
    },
  );
  const pick = {
    mean: [
      [1, 0],
      [0, 1],
      [0, 0],
      [0, 0],
    ],
    "log-variance": [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 1],
    ],
  };
  const bindings = FIELDS.flatMap((name) =>
    Object.entries(pick).flatMap(([output, weights]) => [
      [`posterior/${name}/${output}/weights`, tensorOf(weights)] as const,
      [`posterior/${name}/${output}/bias`, tf.zeros([2])] as const,
    ]),
  );
  const maps = FIELDS.map((name, i) => [
    name,
    tf.concat([tensorOf(fixtures.mean[i]!), tensorOf(fixtures.logVariance[i]!)], 1),
  ]);
  // A field of two values, of which one is there, is there.
  const masks = FIELDS.map((name, i) => [name, tensorOf(fixtures.present.map((row) => [0, row[i]!]))]);
  return store.bind(Object.fromEntries(bindings), () =>
    posterior.at(Object.fromEntries(maps), {
      parents: {},
      call: calling(),
      ...(masked && { observed: Object.fromEntries(masks) }),
    }),
  );
};

/** What masks do to the log-density of the example that lacks nothing: [masked, unmasked], at each value of the fixture. */
export const whereNothingIsMissing = (definition: Definition<"posterior">): [number[], number[]] => {
  const [masked, free] = [true, false].map((each) => {
    const logProb = posteriorOf(definition, each).logProb(tensorOf(fixtures.value)).arraySync() as number[][];
    return logProb.map(([first]) => first!);
  });
  return [masked!, free!];
};
