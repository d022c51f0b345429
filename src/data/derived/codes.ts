/**
 * The frozen codes of a finished run as data for another model: each example becomes a sample of q(z | x), or its mean.
 * Splits, labels and other fields stay the same. M1+M2 (Kingma et al. 2014) is M2 trained on the codes of M1.
 *
 * With `sample`, training cycles through `draws` fixed samples of each example, and evaluation always uses the first. Samples
 * depend only on `seed`.
 */
import { existsSync } from "node:fs";
import type { DataPlace, Dataset, SplitName } from "../../contracts/dataset.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { oneHot } from "../../nn/index.js";
import { defineDataset } from "../../spec/define.js";
import { sha256Bytes } from "../../storage/files.js";
import { contentOfRun, readFinishedRun } from "../../storage/finished-run.js";
import { isObject } from "../../storage/json.js";
import type { FieldSchema, FieldSchemas } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { pathAt } from "../data-path.js";

const NAME = "code";

const codeField = (size: number): FieldSchema => ({ kind: "vector", shape: [size], support: "real" });
/** Fields of the other run, with the modeled field replaced by the code. */
const exchanged = (fields: FieldSchemas, modeled: string, size: number): FieldSchemas => {
  const { [modeled]: _, ...others } = fields;
  if (Object.hasOwn(others, NAME))
    throw new VaelabError("SPEC_COMBINATION", {
      message: `the data of that run already have a field "${NAME}"`,
      where: "/data/run",
    });
  return { [NAME]: codeField(size), ...others };
};

/** @throws NOT_FOUND with a remedy if the run was moved or deleted */
const runAt = (place: DataPlace, run: string): string => {
  const path = pathAt(place, run);
  if (!place.moved || existsSync(path)) return path;
  throw new VaelabError("NOT_FOUND", {
    message: `there is no such run${place.moved.byName ? ` in ${place.folder}` : ""}`,
    where: run,
    remedy: place.moved.remedy,
  });
};

export const codes = defineDataset({
  schema: {
    type: "object",
    title: "codes of another run",
    description: "Posterior samples or means that a finished run computes for the examples of its own data set.",
    required: ["type", "run"],
    additionalProperties: false,
    properties: {
      type: { const: "codes" },
      run: { type: "string", format: "path", description: "Folder of a finished run" },
      content: {
        type: "string",
        pattern: "^[0-9a-f]{64}$",
        description: "SHA-256 of the run's checkpoint. vaelab fills it in and compares it later",
      },
      sample: { type: "boolean", default: true, description: "Use posterior samples instead of posterior means" },
      draws: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        default: 16,
        description: "Posterior samples per training example, one per epoch in turn; ignored for means",
      },
      seed: {
        type: "integer",
        minimum: 0,
        maximum: 4294967295,
        default: 0,
        description: "Seed of the posterior samples, independent of the run's seed",
      },
    },
  },
  source: "Kingma et al. 2014, section 3.1: M1 as the features of M2",
  resolve: (fields) => ({ ...fields, content: contentOfRun(String(fields.run), fields.content) }),
  inspect: ({ run }, context) => {
    const { inspect, folder, moved } = context;
    if (!inspect)
      throw new VaelabError("CONTRACT", { message: "codes were inspected without the run that they come from" });
    const { resolved, place } = readFinishedRun(runAt(context, String(run)));
    const { data, model } = resolved;
    if (!isObject(data) || !isObject(model))
      throw new VaelabError("RUN_FOLDER", { message: "its resolved.json is damaged", where: String(run) });
    const { fields, modeled, ...rest } = inspect(
      data as ResolvedFields,
      moved?.byName ? { folder, moved } : { ...place, ...(moved && { moved }) },
    );
    return { ...rest, fields: exchanged(fields, modeled, Number(model.latent)), modeled: NAME };
  },
  create: async ({ run, sample, draws, seed, content }, context): Promise<Dataset> => {
    const { encode, moved } = context;
    if (!encode) throw new VaelabError("CONTRACT", { message: "encoding requires an engine" });
    const copies = sample ? draws : 1;
    const first = runAt(context, run);
    // Resolving again would compare the run with its recorded content.
    if (moved) contentOfRun(first, content);
    const { dataset, size, codesOf } = await encode(first, { samples: sample ? draws : 0, seed });
    const fields = exchanged(dataset.fields, dataset.modeled, size);
    const all: Record<SplitName, Float32Array> = {
      train: await codesOf("train"),
      validation: await codesOf("validation"),
      test: await codesOf("test"),
    };
    const split = (name: SplitName, purpose: "training" | "evaluation"): ReturnType<Dataset["split"]> => {
      const inner = dataset.split(name, "evaluation");
      const width = size * copies;
      const taken = purpose === "training" ? width : size;
      const { observed } = inner;
      return {
        size: inner.size,
        ...(taken > size && { fields: { ...fields, [NAME]: { ...codeField(size), shape: [copies, size] } } }),
        read: (rows) => {
          const { [dataset.modeled]: _, ...others } = inner.read(rows);
          const values = new Float32Array(rows.length * taken);
          for (let i = 0; i < rows.length; i++)
            values.set(all[name].subarray(rows[i]! * width, rows[i]! * width + taken), i * taken);
          return { [NAME]: values, ...others };
        },
        ...(observed && { observed: (rows) => observed(rows) }),
      };
    };
    return {
      fields,
      modeled: NAME,
      sizes: dataset.sizes,
      ...(dataset.partial && { partial: dataset.partial }),
      sha256: sha256Bytes(JSON.stringify({ of: dataset.sha256, content, sample, draws, seed })),
      split,
      ...(copies > 1 && {
        transform: ({ [NAME]: code, ...others }, noise) => {
          if (!code) return others;
          const chosen = tf.minimum(tf.floor(tf.mul(noise.uniform("draw", [code.shape[0]!]), copies)), copies - 1);
          return { ...others, [NAME]: tf.sum(tf.mul(tf.expandDims(oneHot(chosen, copies), -1), code), 1) };
        },
      }),
    };
  },
});
