/** The status of a run while this process is at it. */
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { RUN_FILES, type Status } from "../../storage/layout.js";
import { readStatus, writeStatus } from "../../storage/status.js";
import type { Clock } from "../services/clock.js";

export interface RunStatus {
  /** What the folder said when this attempt began. */
  readonly before: Status | undefined;
  readonly now: Status;
  update(change: Partial<Status>): void;
  /** As if this attempt had not been. */
  restore(): void;
}

/** Writes that another attempt is running. @throws NOT_WRITABLE */
export const beginStatus = (folder: string, clock: Clock): RunStatus => {
  const before = existsSync(join(folder, RUN_FILES.status)) ? readStatus(folder) : undefined;
  const time = (): string => clock.date().toISOString();
  const started = time();
  let now: Status = {
    state: "running",
    attempt: (before?.attempt ?? 0) + 1,
    pid: process.pid,
    host: hostname(),
    startedAt: before?.startedAt ?? started,
    updatedAt: started,
    step: before?.step ?? 0,
    totalSteps: before?.totalSteps ?? 0,
  };
  const update = (change: Partial<Status>): void => {
    now = { ...now, ...change, updatedAt: time() };
    writeStatus(folder, now);
  };
  update({});
  return {
    before,
    get now() {
      return now;
    },
    update,
    restore: () => {
      if (before) writeStatus(folder, before);
    },
  };
};
