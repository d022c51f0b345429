/**
 * x = mean + Q diag(sqrt(lambda)) e with e ~ N(0, I): a Gaussian whose covariance Q diag(lambda) Q' is known, so that linear
 * models trained on it have answers in closed form. Q is orthogonal, uniform by Haar measure (Mezzadri 2007: QR of normal
 * draws, signs by R's diagonal). Drawn in float64, handed out in float32.
 *
 * `exact` recolours the training split: its own mean and covariance (by 1 / n) are then the ones asked for, to rounding, not
 * only in expectation. Validation and test stay independent draws.
 */
import { Matrix, QrDecomposition } from "ml-matrix";
import type { DatasetDescription, SplitName } from "../core/contracts/data.js";
import { defineDataset } from "../core/define.js";
import { VaelabError } from "../core/errors.js";
import { momentsOf, symmetricEigen } from "../core/principal-components.js";
import { normal, type Stream, stream } from "../core/rng.js";
import { type Column, columnSplit, hashOf } from "./split.js";

const DIMENSIONS = 8;

/** Variances along the principal axes: as asked, or 4, 2, 4/3, 1, ... */
const spectrumOf = (dimensions: unknown, eigenvalues: unknown): number[] => {
  if (!Array.isArray(eigenvalues))
    return Array.from({ length: Number(dimensions ?? DIMENSIONS) }, (_, i) => 4 / (i + 1));
  if (dimensions !== undefined && dimensions !== eigenvalues.length) {
    throw new VaelabError("SPEC_INVALID", {
      message: `${eigenvalues.length} eigenvalues are given for ${dimensions} dimensions`,
      where: "/data/eigenvalues",
      remedy: "Give as many as there are dimensions, or leave out `dimensions`.",
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
  return { fields: { x: { kind: "vector", shape: [dimensions], support: "real" } }, modelled: "x", sizes };
};

const normals = (rows: number, columns: number, uniform: Stream): Matrix => {
  const draws = Matrix.zeros(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) draws.set(i, j, normal(uniform));
  return draws;
};

const randomOrthogonal = (size: number, uniform: Stream): Matrix => {
  const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(normals(size, size, uniform));
  const signs = upperTriangularMatrix.diagonal().map((entry) => (entry < 0 ? -1 : 1));
  return orthogonalMatrix.mulRowVector(signs);
};

/** (e - mean) S^(-1/2), of which mean and covariance are 0 and I. */
const whiten = (draws: Matrix): Matrix => {
  const { mean, covariance } = momentsOf(draws.to1DArray(), draws.columns);
  const { values, vectors } = symmetricEigen(covariance);
  const axes = new Matrix(vectors).transpose();
  const inverseRoot = axes
    .clone()
    .mulRowVector(values.map((value) => 1 / Math.sqrt(value)))
    .mmul(axes.transpose());
  return draws
    .clone()
    .subRowVector([...mean])
    .mmul(inverseRoot);
};

const count = (fallback: number, description: string) =>
  ({ type: "integer", minimum: 1, default: fallback, description }) as const;

export const gaussian = defineDataset({
  schema: {
    type: "object",
    title: "Gaussian with a known covariance",
    description: "vectors of which the best linear model is known in closed form",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian" },
      dimensions: {
        type: "integer",
        minimum: 1,
        maximum: 1024,
        description: `columns; ${DIMENSIONS} unless eigenvalues are given`,
      },
      eigenvalues: {
        type: "array",
        minItems: 1,
        maxItems: 1024,
        items: { type: "number", minimum: 0 },
        description: "of the covariance, one a dimension; 4 / i unless given",
      },
      mean: { type: "number", default: 0, description: "of every column" },
      exact: {
        type: "boolean",
        default: false,
        description: "whether the training split's own covariance is exactly the one asked for",
      },
      seed: {
        type: "integer",
        minimum: 0,
        maximum: 4294967295,
        default: 0,
        description: "of rotation and draws; the run's seed touches neither",
      },
      train: count(4000, "examples to train on"),
      validation: count(1000, "examples to choose the checkpoint by"),
      test: count(1000, "examples to score"),
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
  create: ({ dimensions, eigenvalues, mean, exact, seed, train, validation, test }) => {
    const spectrum = spectrumOf(dimensions, eigenvalues);
    const description = describe(spectrum.length, { train, validation, test }, exact);
    const rotation = randomOrthogonal(spectrum.length, stream(seed, "data/gaussian/rotation"));
    const colour = rotation.mulRowVector(spectrum.map(Math.sqrt)).transpose();
    // A stream a split: the size of one never moves another.
    const drawn = (name: SplitName): Column => {
      const draws = normals(description.sizes[name], spectrum.length, stream(seed, `data/gaussian/${name}`));
      const x = (exact && name === "train" ? whiten(draws) : draws).mmul(colour).add(mean);
      return { width: spectrum.length, values: Float32Array.from(x.to1DArray()) };
    };
    const columns = { train: drawn("train"), validation: drawn("validation"), test: drawn("test") };
    const rows = (name: SplitName) => Int32Array.from({ length: description.sizes[name] }, (_, i) => i);
    const ownRows = { train: rows("train"), validation: rows("validation"), test: rows("test") };
    return {
      ...description,
      sha256: hashOf(columns, ownRows),
      split: (name) => columnSplit({ x: columns[name] }, ownRows[name]),
    };
  },
});
