/** What only a picture or the report needs costs a run nothing: it finishes, and says what could not be drawn, and why. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import { reconstructRun } from "../../../src/experiments/index.js";
import { createLab, defineLikelihood, type ExperimentSpec, type ProgressEvent } from "../../../src/index.js";
import { FORMAT } from "../../../src/storage/format.js";
import { RUN_FILES, SAMPLE_FILES } from "../../../src/storage/layout.js";
import { readNpz } from "../../../src/storage/npz.js";
import { tf } from "../../../src/tensor/tensor.js";
import { npyFile } from "../../data/support/damage.js";
import { newFolder, runIn, statusOf } from "../support/runs.js";

const engine = (process.env.VAELAB_TEST_ENGINE ?? "native") as "native";

const specOf = (more: object): ExperimentSpec => ({
  name: "undrawn",
  data: { type: "npy", values: "x.npy" },
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 32 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  ...more,
});
/** 100 arrays of bytes of this shape beside a folder for the run. */
const withArrays = (shape: readonly number[]): { out: string; values: string } => {
  const out = newFolder();
  const values = join(dirname(out), "x.npy");
  const size = shape.reduce((product, length) => product * length, 100);
  writeFileSync(
    values,
    npyFile(
      "|u1",
      `(100, ${shape.join(", ")}${shape.length > 0 ? "" : ","})`,
      Uint8Array.from({ length: size }, (_, i) => (i * 7) % 256),
    ),
  );
  return { out, values };
};
const reportOf = (folder: string): string => readFileSync(join(folder, RUN_FILES.report), "utf8");
const layoutOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, RUN_FILES.samples, SAMPLE_FILES.layout), "utf8")) as object;

/** A Gaussian that has draws and a density, and no mean to show. */
const meanless = defineLikelihood({
  schema: {
    type: "object",
    title: "Gaussian without a mean",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "meanless" } },
  },
  capabilities: () => ["density"],
  create: (_, { field: { shape } }) => ({
    outputs: shape,
    at: (mean) => {
      const gaussian = new DiagonalGaussian(mean, tf.scalar(0), shape.length);
      return {
        batchShape: gaussian.batchShape,
        eventShape: gaussian.eventShape,
        logProb: gaussian.logProb.bind(gaussian),
        sample: gaussian.sample.bind(gaussian),
        sampleAndLogProb: gaussian.sampleAndLogProb.bind(gaussian),
      };
    },
  }),
});

describe("a run finishes", () => {
  test("on images of five channels, and draws the first three", async () => {
    const { out, values } = withArrays([8, 8, 5]);
    await runIn(specOf({ data: { type: "npy", values } }), {}, out);
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0 });
    expect(layoutOf(out)).toMatchObject({ format: FORMAT, samplers: [], channels: { drawn: 3, of: 5 } });
    expect(reportOf(out)).toContain("Only the first 3 of 5 channels are drawn, as red, green and blue.");
    const picture = decode(readFileSync(join(out, RUN_FILES.samples, SAMPLE_FILES.reconstructions)));
    expect(picture.channels).toBe(3);
    // The first original's first pixel: its channels are consecutive bytes of the file, which rise by 7.
    const [red = 0, green = 0, blue = 0] = picture.data;
    expect([(green - red + 256) % 256, (blue - green + 256) % 256]).toEqual([7, 7]);
    // The test split has 10 examples: fewer than are reconstructed by default.
    const { files } = await reconstructRun({ run: out, out: join(out, "all.npz"), engine, threads: 1 });
    expect(readNpz(files[0]!).image!.shape).toEqual([20, 8, 8, 5]);
  });

  test("with 1,000 latents, of which the report draws those that carry most", async () => {
    const { out, values } = withArrays([6]);
    await runIn(
      specOf({
        data: { type: "npy", values, support: "real", scale: 255 },
        model: { latent: 1000, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
      }),
      {},
      out,
    );
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0 });
    expect(reportOf(out)).toContain("Only the 210 largest of 1000 dimensions are drawn");
    expect(reportOf(out)).not.toContain("could not be drawn");
  });

  test("under a likelihood without a mean, and says which pictures need one", async () => {
    const { out, values } = withArrays([4, 4]);
    const warnings: string[] = [];
    const reporter = {
      event: (event: ProgressEvent) => void (event.type === "warning" && warnings.push(event.message)),
    };
    const spec = specOf({
      data: { type: "npy", values },
      model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "meanless" },
    });
    // Without a mean there is no squared error either.
    const lab = createLab(({ catalogue }) => ({ catalogue: catalogue.child([meanless], "this test") }));
    await lab.run(
      { ...spec, evaluation: { metrics: ["active-units"], refit: { epochs: 0 } } },
      {
        out,
        engine,
        threads: 1,
        reporter,
      },
    );
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0 });
    const reason = "this likelihood has no mean to show";
    const { priorMeans, reconstructions, interpolations, priorDraws, latents } = SAMPLE_FILES;
    const lost = [priorMeans, reconstructions, interpolations];
    expect(layoutOf(out)).toMatchObject({ notDrawn: lost.map((file) => ({ file, reason })) });
    expect(warnings).toEqual(lost.map((file) => `not drawn: ${file}: ${reason}`));
    expect(readFileSync(join(out, RUN_FILES.log), "utf8")).toContain(`warning: not drawn: ${priorMeans}: ${reason}`);
    expect(reportOf(out).split(`Not shown: it could not be drawn: ${reason}.`)).toHaveLength(4);
    for (const file of [priorDraws, latents]) expect(existsSync(join(out, RUN_FILES.samples, file))).toBe(true);
  });

  test("without its report, where that cannot be made", async () => {
    const { out, values } = withArrays([6]);
    const warnings: string[] = [];
    const event = (happened: ProgressEvent): void => {
      if (happened.type === "warning") warnings.push(happened.message);
      if (happened.type !== "phase" || happened.name !== "writing the report") return;
      for (const file of [RUN_FILES.status, RUN_FILES.resolved, RUN_FILES.history]) rmSync(join(out, file));
    };
    await runIn(specOf({ data: { type: "npy", values } }), { reporter: { event } }, out);
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0 });
    expect(warnings).toEqual([expect.stringContaining("the report could not be written: ")]);
    expect(existsSync(join(out, RUN_FILES.metrics))).toBe(true);
    expect(existsSync(join(out, RUN_FILES.report))).toBe(false);
  });
});
