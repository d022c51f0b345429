/** status.json: where a run is, for whoever looks at its folder. */
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { writeFileAtomically } from "./files.js";
import { isObject, readJson } from "./json.js";
import { type EarlyStop, RUN_FILES, type RunState, type Status } from "./layout.js";

const STATES: readonly unknown[] = ["running", "interrupted", "failed", "finished"] satisfies RunState[];

const isEarlyStop = (value: unknown): value is EarlyStop =>
  isObject(value) && Number.isSafeInteger(value.epoch) && Number.isSafeInteger(value.validations);

/** "stopped early after epoch 7: no gain in 5 validations". */
export const describeEarlyStop = ({ epoch, validations }: EarlyStop): string =>
  `stopped early after epoch ${epoch}: no gain in ${validations} validation${validations === 1 ? "" : "s"}`;

/** The same from a status that may come from anywhere; undefined where it does not say so. */
export const earlyStopText = ({ stoppedEarly }: { readonly stoppedEarly?: unknown }): string | undefined =>
  isEarlyStop(stoppedEarly) ? describeEarlyStop(stoppedEarly) : undefined;

const isStatus = (value: unknown): value is Status =>
  isObject(value) &&
  STATES.includes(value.state) &&
  ["attempt", "pid", "step", "totalSteps"].every((name) => Number.isSafeInteger(value[name])) &&
  ["host", "startedAt", "updatedAt"].every((name) => typeof value[name] === "string") &&
  (value.exit === undefined || Number.isSafeInteger(value.exit)) &&
  (value.reason === undefined || typeof value.reason === "string") &&
  (value.stoppedEarly === undefined || isEarlyStop(value.stoppedEarly));

/** @throws NOT_WRITABLE */
export const writeStatus = (run: string, status: Status): void =>
  writeFileAtomically(join(run, RUN_FILES.status), `${JSON.stringify(status, null, 2)}\n`);

/** @throws NOT_FOUND; RUN_FOLDER when it is not a status. */
export const readStatus = (run: string): Status => {
  const path = join(run, RUN_FILES.status);
  const value = readJson(path);
  if (isStatus(value)) return value;
  throw new VaelabError("RUN_FOLDER", {
    message: "not the status of a run",
    where: path,
    remedy: "Delete it: a run goes on without.",
  });
};
