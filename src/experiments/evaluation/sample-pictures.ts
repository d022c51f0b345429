/**
 * Grids of samples from the prior and from each ex-post sampler, as draws and as means. If the model is conditioned on a
 * label with few classes, each column requests one class; otherwise labels are drawn as in generation.
 */
import { join } from "node:path";
import { writeFileAtomically } from "../../storage/files.js";
import { SAMPLE_FILES, type SampleLayout, samplerFile } from "../../storage/layout.js";
import type { Decorations } from "./decorations.js";
import type { Trained } from "./evaluation-program.js";
import { type HostFields, type Samples, samplePrior } from "./generation.js";
import { exPost, type NamedSampler } from "./sampler-sets.js";

const ROWS = 8;
const COLUMNS = 8;
const MOST_COLUMNS = 16;

const columnsOf = ({ model }: Trained): SampleLayout["columns"] => {
  for (const [field, { kind, classes = 0, names }] of Object.entries(model.conditions ?? {}))
    if (kind === "label" && classes > 1 && classes <= MOST_COLUMNS)
      return { field, classes: Array.from({ length: classes }, (_, c) => c), ...(names && { names }) };
  return undefined;
};

/**
 * @param image encodes images as a grid with this many columns
 * @returns the layout entry of these pictures
 */
export const writeSamplePictures = async (
  trained: Trained,
  samplers: readonly NamedSampler[],
  folder: string,
  image: (values: Float32Array, columns: number) => Uint8Array,
  { attempt }: Decorations,
): Promise<Pick<SampleLayout, "columns" | "samplers">> => {
  const columns = columnsOf(trained);
  const width = columns?.classes.length ?? COLUMNS;
  const count = ROWS * width;
  const requested: HostFields = columns
    ? { [columns.field]: Float32Array.from({ length: count }, (_, i) => columns.classes[i % width]!) }
    : {};
  const write = (name: string, values: Float32Array): void =>
    writeFileAtomically(join(folder, name), image(values, width));
  let samples: Samples | undefined;
  await attempt([SAMPLE_FILES.priorMeans], async () => {
    samples = await samplePrior(trained, count, trained.seed, requested);
    write(SAMPLE_FILES.priorMeans, samples.means);
  });
  await attempt([SAMPLE_FILES.priorDraws], async () => {
    // A likelihood without a mean still has draws.
    samples ??= await samplePrior(trained, count, trained.seed, requested, { draws: true, means: false });
    write(SAMPLE_FILES.priorDraws, samples.draws);
  });
  const shown: string[] = [];
  for (const sampler of samplers) {
    const [draws, means] = [samplerFile(sampler.name, "draws"), samplerFile(sampler.name, "means")];
    let absent = false;
    await attempt([draws, means], async () => {
      const decoded = await exPost(trained, sampler).draw(count, requested);
      absent = typeof decoded === "string";
      if (typeof decoded === "string") return;
      write(draws, decoded.draws.values);
      if (typeof decoded.means !== "string") write(means, decoded.means.values);
    });
    if (!absent) shown.push(sampler.name);
  }
  return { ...(columns && { columns }), samplers: shown };
};
