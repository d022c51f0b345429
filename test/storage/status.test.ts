import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Status } from "../../src/storage/layout.js";
import { readStatus, writeStatus } from "../../src/storage/status.js";

const status: Status = {
  state: "running",
  attempt: 2,
  pid: 12,
  host: "h",
  startedAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:01:00.000Z",
  step: 3,
  totalSteps: 9,
};

describe("status.json", () => {
  it("comes back as it was last written", () => {
    const run = mkdtempSync(join(tmpdir(), "vaelab-status-"));
    expect(() => readStatus(run)).toThrow("there is no such file");
    writeStatus(run, status);
    const ended: Status = { ...status, state: "failed", exit: 1, reason: "loss is NaN" };
    writeStatus(run, ended);
    expect(readStatus(run)).toEqual(ended);
    expect(readdirSync(run)).toEqual(["status.json"]);
  });

  it.each([
    ["{", "not JSON"],
    ["[]", "not the status"],
    [JSON.stringify({ ...status, state: "paused" }), "not the status"],
    [JSON.stringify({ ...status, pid: "12" }), "not the status"],
  ])("refuses %s", (text, message) => {
    const run = mkdtempSync(join(tmpdir(), "vaelab-status-"));
    writeFileSync(join(run, "status.json"), text);
    expect(() => readStatus(run)).toThrow(message);
  });
});
