/** Bodies and answers of the server as JSON Schema: they validate requests and describe them at /docs. */

/** Bytes of a body. */
export const LARGEST_BODY = 64 * 2 ** 20;
/** Rows of one request. */
export const MOST_ROWS = 10_000;
const MOST_SAMPLES = 10_000;

const numbers = (description: string) => ({ description, anyOf: [{ type: "array" }, { type: "object" }] }) as const;
const examples = numbers(
  "Values of the modeled field as nested arrays, an object of values by field, or an array of rows by column name. null is a missing value.",
);
const conditions = {
  type: "object",
  additionalProperties: { type: "array" },
  description: "Values of the fields that the model is conditioned on, one per row: classes by name or code.",
} as const;
const seed = {
  type: "integer",
  minimum: 0,
  maximum: 4294967295,
  description: "Seed of the noise. Default: the run's",
} as const;
const samples = {
  type: "integer",
  minimum: 1,
  maximum: MOST_SAMPLES,
  description: "Draws of z per example. Default: 100",
} as const;

const rows = {
  type: "boolean",
  default: false,
  description: "Answer with rows of the table, by column name, in its units; of a model of a table",
} as const;

const body = <P extends object>(properties: P, required: readonly string[]) =>
  ({ type: "object", required, additionalProperties: false, properties }) as const;

export const CALLS = {
  encode: {
    summary: "Codes of examples: means and log-variances of q(z | x), or categories",
    body: body({ examples, seed }, ["examples"]),
  },
  decode: {
    summary: "Means of p(x | z) at codes",
    body: body({ codes: numbers("[rows, dimensions], all latents side by side"), conditions, rows, seed }, ["codes"]),
  },
  reconstruct: {
    summary: "Means of p(x | z) at the mean of q(z | x)",
    body: body({ examples, rows, seed }, ["examples"]),
  },
  sample: {
    summary: "Draws of the model",
    body: body(
      {
        count: { type: "integer", minimum: 1, maximum: MOST_ROWS },
        conditions,
        means: { type: "boolean", description: "Means of p(x | z) instead of draws" },
        rows,
        seed,
      },
      ["count"],
    ),
  },
  score: {
    summary: "NLL, ELBO, rate and distortion in nats, one value per example",
    body: body({ examples, samples, seed }, ["examples"]),
  },
  impute: {
    summary: "The generated fields with their missing values filled in",
    body: body(
      {
        examples,
        samples,
        draws: {
          type: "integer",
          minimum: 0,
          maximum: 100,
          description: "Imputations to draw. Default: 0, their mean",
        },
        rows,
        seed,
      },
      ["examples"],
    ),
  },
} as const;
