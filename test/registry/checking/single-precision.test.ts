/** Numbers that float32 does not hold are refused where they are written (IEEE 754: 3.4028235e38 and 1.4e-45 are its ends). */
import { describe, expect, test } from "vitest";
import { least } from "../support/definitions.js";
import { workspace } from "../support/workspace.js";

const refused = (set: string) => workspace({ "a.json": least }).refusal("a.json", { set: [set] });

describe("a number of the spec", () => {
  test.each([
    [
      "training.clipNorm=1e39",
      "/training/clipNorm  1e+39 is infinite in single precision, whose largest number is 3.4e+38",
    ],
    [
      "training.clipNorm=3.5e38",
      "/training/clipNorm  3.5e+38 is infinite in single precision, whose largest number is 3.4e+38",
    ],
    [
      "training.optimizer.learningRate=1e-46",
      "/training/optimizer/learningRate/value  1e-46 is 0 in single precision, whose smallest positive number is 1.4e-45",
    ],
  ])("%s is refused", async (set, line) => {
    expect(await refused(set)).toEqual(["SPEC_INVALID", `--set ${set}  ${line}`]);
  });
  test("at the ends is taken", async () => {
    for (const clipNorm of [3.4028235e38, 1.5e-45]) {
      const { spec } = await workspace({ "a.json": least }).load("a.json", { set: [`training.clipNorm=${clipNorm}`] });
      expect(spec.training.clipNorm).toBe(clipNorm);
    }
  });
  test("that is wrong for another reason has that reason alone", async () => {
    const [, ...lines] = await refused("training.epochs=1e300");
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("single precision");
  });
  test.each([
    ["model.latent=2147483648", "2147483647"],
    ["training.epochs=1000001", "1000000"],
    ["training.validateEvery=3000000000", "2147483647"],
  ])("of sizes and counts has a limit: %s", async (set, most) => {
    const [, line] = await refused(set);
    expect(line).toContain(`should be at most ${most}, not ${set.split("=")[1]}`);
  });
  test("of refit epochs has a limit", async () => {
    expect(await refused("evaluation.refit.epochs=1001")).toEqual([
      "SPEC_INVALID",
      "--set evaluation.refit.epochs=1001  /evaluation/refit/epochs  should be at most 1000, not 1001",
    ]);
  });
});
