/** Samplers fitted to codes: at once, on the host, or by programs. */

import type { ProgramRunner } from "../../src/contracts/program.js";
import type { LearnedSampler } from "../../src/contracts/sampler.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Points, pointsOf, selectRows } from "../../src/numerics/points.js";
import { normal, type Stream, stream } from "../../src/numerics/streams.js";
import { createBuilder } from "../../src/registry/components/build.js";
import type { Definition } from "../../src/spec/define.js";
import { catalogueWith } from "../../src/testing/catalogue.js";
import { resolveComponent } from "../../src/testing/component.js";
import { build } from "./components.js";

/** What a sampler that needs no engine learned. */
export interface Fit {
  sample(count: number, uniform: Stream): Points;
  logProb(points: Points): Float64Array;
  note: string;
}

export const fittedTo = (definition: Definition<"sampler">, fields: object, codes: Points, uniform: Stream): Fit => {
  const learned = build(definition, { ...fields }, {}).learn(codes, uniform, {} as never);
  if (learned instanceof Promise) throw new Error("the density is fitted later than it is asked for");
  return learned as Fit;
};

/** 500 rows of z = (3 + 2 a, -1 + a + 0.5 b), a and b standard normal. */
export const correlatedCodes = (): Points => {
  const uniform = stream(1, "codes");
  const rows = Array.from({ length: 500 }, () => {
    const [a, b] = [normal(uniform), normal(uniform)];
    return [3 + 2 * a, -1 + a + 0.5 * b];
  });
  return pointsOf(Float32Array.from(rows.flat()), 2);
};

/** Captured where graphs are. */
export const fastRunner = (engine: Engine): ProgramRunner =>
  engine.name === "native" ? capturedRunner(engine, { mode: "require" }) : eagerRunner(engine.noise);

/** Of codes whose posterior is a point mass. @param written fields; defaults are filled in */
export const trainedOnCodes = async (
  definition: Definition<"sampler">,
  written: Readonly<Record<string, unknown>>,
  { codes, runner }: { codes: Points; runner: ProgramRunner },
): Promise<LearnedSampler> => {
  const { fields } = resolveComponent(definition, { fields: written });
  const sampler = await createBuilder(catalogueWith([])).build("sampler", fields, "/evaluation/samplers/0", {
    optimizer: () => ({}),
    schedule: () => ({ totalSteps: 1 }),
  });
  const draw = async (rows: Int32Array): Promise<Points> => selectRows(codes, rows);
  const posterior = { draw, logMixture: undefined as never, withLogVolume: undefined as never };
  return sampler.learn(codes, stream(2, "sampler"), { runner, posterior });
};
