/** status.json: the state of a run. */
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { readVersioned, writeVersioned } from "./format.js";
import { type EarlyStop, RUN_FILES, type Status } from "./layout.js";
import { statusGuard } from "./layout-guards.js";

/** "stopped early after epoch 7: no gain in 5 validations". */
export const describeEarlyStop = ({ epoch, validations }: EarlyStop): string =>
  `stopped early after epoch ${epoch}: no gain in ${validations} validation${validations === 1 ? "" : "s"}`;

/** The same text from a status; undefined if it records no early stop. */
export const earlyStopText = ({ stoppedEarly }: Status): string | undefined =>
  stoppedEarly && describeEarlyStop(stoppedEarly);

/** @throws NOT_WRITABLE */
export const writeStatus = (run: string, status: Status): void => writeVersioned(join(run, RUN_FILES.status), status);

/** @throws NOT_FOUND, NOT_READABLE, FORMAT; RUN_FOLDER if it is not a status. */
export const readStatus = (run: string): Status => {
  const path = join(run, RUN_FILES.status);
  const value = readVersioned(path);
  const fault = statusGuard(value, "");
  if (fault === undefined) return value as Status;
  throw new VaelabError("RUN_FOLDER", {
    message: `not the status of a run: ${fault}`,
    where: path,
    remedy: "Delete it; the run continues without it.",
  });
};
