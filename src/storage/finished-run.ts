/** A finished run that another run starts from, checked before it is read in full. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataPlace } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { readCheckpoint } from "./checkpoint.js";
import { dataPlaceOf } from "./data-place.js";
import { assertNotOutdated, readVersioned } from "./format.js";
import { isObject } from "./json.js";
import { RUN_FILES, SWEEP_FILES } from "./layout.js";
import type { HostTensors } from "./safetensors.js";
import { readStatus } from "./status.js";

export interface FinishedRun {
  /** Resolved spec. */
  resolved: Readonly<Record<string, unknown>>;
  /** Location of its data. */
  place: DataPlace;
  /** SHA-256 of the evaluated checkpoint. Equal for equal weights. */
  content: string;
  /** The parameters of that checkpoint. */
  model: HostTensors;
}

/** @throws RUN_FOLDER if the run has not finished, or has no status */
export const assertFinished = (run: string): void => {
  const { state } = readStatus(run);
  if (state !== "finished")
    throw new VaelabError("RUN_FOLDER", {
      message: `the run has not finished: it is ${state}`,
      where: run,
      remedy: `Finish it: vaelab resume ${run}`,
    });
};

/**
 * @param known expected SHA-256 of the content
 * @throws NOT_FOUND if the folder is missing; RUN_FOLDER if it is no run, has not finished or has other weights; FORMAT if its format
 * is unknown; CHECKPOINT if its checkpoint is damaged
 */
export const readFinishedRun = (run: string, known?: unknown): FinishedRun => {
  if (!existsSync(run))
    throw new VaelabError("NOT_FOUND", {
      message: "there is no such run",
      where: run,
      remedy: `Run its spec first: vaelab run SPEC --out ${run}`,
    });
  assertNotOutdated(run);
  if (!existsSync(join(run, RUN_FILES.resolved))) {
    const sweep = existsSync(join(run, SWEEP_FILES.plan));
    throw new VaelabError("RUN_FOLDER", {
      message: sweep ? "this is a sweep, not a run" : "this is not a run",
      where: run,
      remedy: sweep ? "Name one of its trials: trials/ID/attempt-N" : `A run holds ${RUN_FILES.resolved}`,
    });
  }
  assertFinished(run);
  const resolved = readVersioned(join(run, RUN_FILES.resolved));
  const provenance = readVersioned(join(run, RUN_FILES.provenance));
  const place = isObject(provenance) ? dataPlaceOf(run, provenance) : undefined;
  if (!isObject(resolved) || !place)
    throw new VaelabError("RUN_FOLDER", { message: "its resolved.json or provenance.json is damaged", where: run });
  const which = isObject(resolved.evaluation) && resolved.evaluation.checkpoint === "last" ? "latest" : "best";
  const { sha256, model } = readCheckpoint(run, which, (message) => {
    throw new VaelabError("CHECKPOINT", { message, where: run });
  });
  if (known === undefined || known === sha256) return { resolved, place, content: sha256, model };
  throw new VaelabError("RUN_FOLDER", {
    message: "the weights of the run have changed since this spec was resolved",
    where: run,
    remedy: "Restore that run, or start a new run from this one.",
  });
};

/** Hash of the run's content; must equal `known` if given. @throws as above */
export const contentOfRun = (run: string, known: unknown): string => readFinishedRun(run, known).content;
