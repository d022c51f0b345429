/**
 * x = mean + Q diag(sqrt(lambda)) e with e ~ N(0, I): a Gaussian whose covariance Q diag(lambda) Q' is known, so that linear
 * models trained on it have answers in closed form. Q is a random orthogonal matrix. Drawn in float64, returned in float32.
 *
 * `exact` recolors the training split: its sample mean and covariance (1 / n) then equal the requested ones up to rounding.
 * Validation and test stay independent draws.
 */
import type { DatasetDescription, SplitName } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { defineDataset } from "../../spec/define.js";
import { columnSplit, hashOf } from "../split.js";

const DIMENSIONS = 8;
/** Maximum number of values in all splits: 0.8 GB in float64. */
const MOST_VALUES = 100_000_000;

/** Variances along the principal axes; by default 4, 2, 4/3, 1, ... */
const spectrumOf = (dimensions: unknown, eigenvalues: unknown): number[] => {
  if (!Array.isArray(eigenvalues))
    return Array.from({ length: Number(dimensions ?? DIMENSIONS) }, (_, i) => 4 / (i + 1));
  if (dimensions !== undefined && dimensions !== eigenvalues.length) {
    throw new VaelabError("SPEC_INVALID", {
      message: `${eigenvalues.length} eigenvalues for ${dimensions} dimensions`,
      where: "/data/eigenvalues",
      remedy: "Give one per dimension, or leave out `dimensions`.",
    });
  }
  return eigenvalues.map(Number);
};

const describe = (
  dimensions: number,
  sizes: Readonly<Record<SplitName, number>>,
  exact: unknown,
): DatasetDescription => {
  if (exact === true && sizes.train <= dimensions) {
    throw new VaelabError("SPEC_INVALID", {
      message: `${sizes.train} training examples cannot have an exact covariance in ${dimensions} dimensions`,
      where: "/data/train",
      remedy: `Ask for more than ${dimensions}, or leave out \`exact\`.`,
    });
  }
  const values = dimensions * (sizes.train + sizes.validation + sizes.test);
  if (values > MOST_VALUES) {
    throw new VaelabError("SPEC_INVALID", {
      message: `the three splits would hold ${values} values; the maximum is ${MOST_VALUES}`,
      where: "/data",
      remedy: "Ask for fewer examples or dimensions.",
    });
  }
  return { fields: { x: { kind: "vector", shape: [dimensions], support: "real" } }, modeled: "x", sizes };
};

/** At least two, for the standard error of a mean. */
const count = (fallback: number, description: string) =>
  ({ type: "integer", minimum: 2, default: fallback, description }) as const;

export const gaussian = defineDataset({
  schema: {
    type: "object",
    title: "Gaussian with a known covariance",
    description: "Gaussian vectors, for which the optimal linear VAE is known in closed form",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian" },
      dimensions: {
        type: "integer",
        minimum: 1,
        maximum: 1024,
        description: `Dimensions of a vector. Default: the number of eigenvalues, else ${DIMENSIONS}`,
      },
      eigenvalues: {
        type: "array",
        minItems: 1,
        maxItems: 1024,
        items: { type: "number", minimum: 0 },
        description: "Eigenvalues of the covariance, one per dimension. Default: 4 / i",
      },
      mean: { type: "number", default: 0, description: "Mean of every dimension" },
      exact: {
        type: "boolean",
        default: false,
        description: "Transform the training split so that its sample covariance equals the requested one exactly",
      },
      seed: {
        type: "integer",
        minimum: 0,
        maximum: 4294967295,
        default: 0,
        description: "Seed of the rotation and the samples, independent of the run's seed",
      },
      train: count(4000, "Number of training examples"),
      validation: count(1000, "Number of validation examples; they select the checkpoint"),
      test: count(1000, "Number of test examples"),
    },
  },
  source: "closed forms: Tipping & Bishop 1999; Lucas et al. 2019",
  resolve: (fields) => {
    const eigenvalues = spectrumOf(fields.dimensions, fields.eigenvalues);
    return { ...fields, dimensions: eigenvalues.length, eigenvalues };
  },
  inspect: ({ dimensions, eigenvalues, exact, train, validation, test }) =>
    describe(
      spectrumOf(dimensions, eigenvalues).length,
      { train: Number(train), validation: Number(validation), test: Number(test) },
      exact,
    ),
  create: async ({ dimensions, eigenvalues, mean, exact, seed, train, validation, test }) => {
    const spectrum = spectrumOf(dimensions, eigenvalues);
    const description = describe(spectrum.length, { train, validation, test }, exact);
    // Loaded on demand, so that a spec that names this data set costs nothing.
    const { drawGaussian } = await import("./gaussian-draws.js");
    const { sizes } = description;
    const columns = drawGaussian({ spectrum, mean, exact, seed, sizes });
    const rows = (name: SplitName) => Int32Array.from({ length: sizes[name] }, (_, i) => i);
    const splits = { train: rows("train"), validation: rows("validation"), test: rows("test") };
    return {
      ...description,
      sha256: hashOf(columns, splits),
      split: (name) => columnSplit({ x: columns[name] }, splits[name]),
    };
  },
});
