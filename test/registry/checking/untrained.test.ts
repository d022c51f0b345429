/** At beta 0 nothing trains the parameters of a prior, unless a regularizer compares codes with its draws. */
import { expect, test } from "vitest";
import { loadWritten, type Written } from "../../../src/testing/experiment.js";

const PLAIN = { objective: { type: "elbo", beta: 0 } } as const;
const LADDER = {
  latents: { z1: { size: 2, inferredFrom: ["x", "z2"], generatedFrom: ["z2"] }, z2: { size: 2 } },
  generatedFrom: ["z1"],
};

test.each<[string, Written, string]>([
  [
    "a learned prior",
    { model: { prior: { type: "full-gaussian" } } },
    'the prior "full-gaussian" of "z" has parameters',
  ],
  ["the lower prior of a ladder", { model: LADDER }, 'the prior "gaussian" of "z1" given "z2" has parameters'],
  [
    "a prior that a head conditions",
    { model: { heads: [{ type: "conditional", on: "label", prior: true }] } },
    'the prior "gaussian" of "z" given "label" of the head "conditional" has parameters',
  ],
])("%s is refused at beta 0", async (_, written, message) => {
  const said = `${message}, and at beta 0 the objective "elbo" has no rate, so nothing trains them`;
  await expect(loadWritten({ ...written, ...PLAIN })).rejects.toThrow(said);
});

test.each<[string, Written]>([
  ["a prior without parameters", PLAIN],
  [
    "a learned prior that draws train",
    { ...PLAIN, model: { prior: "full-gaussian" }, regularizers: [{ type: "mmd" }] },
  ],
  ["a learned prior that a rate trains", { model: { prior: "full-gaussian" } }],
  [
    "a learned prior under a beta that rises from 0",
    {
      model: { prior: "full-gaussian" },
      objective: { type: "elbo", beta: { type: "linear", initial: 0, final: 1, steps: 5 } },
    },
  ],
])("%s is valid", async (_, written) => {
  await loadWritten(written);
});
