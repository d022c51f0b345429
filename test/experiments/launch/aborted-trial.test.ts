/** Trials of an interrupted sweep: their processes are told so. */
import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { ToTrial, TrialRequest } from "../../../src/experiments/launch/trial-messages.js";
import { trialPool } from "../../../src/experiments/launch/trial-pool.js";

const told: ToTrial["type"][] = [];
/** Ends its trial when told to abort, as a process does. */
class Child extends EventEmitter {
  connected = false;
  send({ type }: ToTrial): void {
    told.push(type);
    if (type === "abort")
      this.emit("message", { type: "failed", code: "INTERRUPTED", problems: [{ message: "ended" }] });
  }
}

const run = (signal: AbortSignal): Promise<void> =>
  trialPool(() => new Child() as unknown as ChildProcess).run({ folder: "trial" } as TrialRequest, {
    onEvent: () => {},
    onTracked: () => {},
    signal,
  });

test("the sweep is interrupted before the trial starts", async () => {
  await expect(run(AbortSignal.abort())).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(told.splice(0)).toEqual(["run", "abort"]);
});

test("the sweep is interrupted while the trial runs", async () => {
  const controller = new AbortController();
  const running = run(controller.signal);
  expect(told).toEqual(["run"]);
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(told.splice(0)).toEqual(["run", "abort"]);
});
