import { expect, test } from "vitest";
import { type Finding, soundness } from "../../../src/registry/checking/diagnostics.js";

const at = (pointer: string): Finding => ({ code: "SPEC_INVALID", pointer, message: "wrong" });

test("a part is sound if no finding is at it or below it, those that come later included", () => {
  const findings = [at("/model/encoder/hidden/0")];
  const sound = soundness(findings);
  for (const pointer of ["", "/model", "/model/encoder", "/model/encoder/hidden", "/model/encoder/hidden/0"])
    expect(sound(pointer)).toBe(false);
  for (const pointer of [
    "/mod",
    "/model/encoder/hid",
    "/model/encoder/hidden/0/x",
    "/model/encoder/hidden/00",
    "/data",
  ])
    expect(sound(pointer)).toBe(true);
  findings.push(at("/data"));
  expect(sound("/data")).toBe(false);
  expect(sound("/data/seed")).toBe(true);
});

test("a spec without findings is sound, and one with a finding at its root is not", () => {
  expect(soundness([])("")).toBe(true);
  expect(soundness([at("")])("")).toBe(false);
});

test("100,000 findings are searched once, not for each part", () => {
  const sound = soundness(Array.from({ length: 100_000 }, (_, index) => at(`/evaluation/metrics/${index}`)));
  const started = performance.now();
  let found = 0;
  for (let index = 0; index < 200_000; index++) if (!sound(`/evaluation/metrics/${index}`)) found++;
  expect(found).toBe(100_000);
  expect(performance.now() - started).toBeLessThan(5000);
});
