import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../src/report/figures/settings.js";

const along = (path: string, values: readonly unknown[]) => settingsOf(values.map((value) => ({ [path]: value })));

describe("axes", () => {
  it("are logarithmic where the values are positive and log spaced", () => {
    expect(along("objective.beta", [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8]).primary?.logarithmic).toBe(true);
    expect(along("model.latent", [2, 4, 8, 16]).primary?.logarithmic).toBe(true);
    expect(along("objective.beta", [0, 1, 2, 4]).primary?.logarithmic).toBe(false);
    expect(along("model.latent", [10, 20, 30, 40]).primary?.logarithmic).toBe(false);
  });

  it("are not numeric where one value is not a number", () => {
    expect(along("objective.beta", [1, "cyclical", 4]).primary).toBeUndefined();
  });

  it("are named by the shortest end that tells them apart", () => {
    const choices = [1, 2].map((x) => ({
      "model.prior.type": `p${x}`,
      "model.encoder.scale": x,
      "model.decoder.scale": 2 * x,
      "objective.beta": x,
    }));
    expect(settingsOf(choices).axes.map(({ label }) => label)).toEqual([
      "prior",
      "encoder.scale",
      "decoder.scale",
      "beta",
    ]);
  });

  it.each([
    [["data.seed"], ["data.seed"]],
    [
      ["data.seed", "data.of.seed"],
      ["data.seed", "of.seed"],
    ],
    [["model.encoder.layers.3.rate"], ["layers.3.rate"]],
    [
      ["evaluation.metrics.0.samples", "evaluation.metrics.1.samples"],
      ["metrics.0.samples", "metrics.1.samples"],
    ],
    [["model.encoder.hidden"], ["encoder.hidden"]],
    [
      ["model.encoder.dropout", "model.decoder.dropout", "model.latent"],
      ["encoder.dropout", "decoder.dropout", "latent"],
    ],
    [
      ["objective.beta.type", "objective.beta.final"],
      ["beta", "beta.final"],
    ],
  ])("of %j are called %j, as no other column is", (paths, labels) => {
    const choices = [1, 2].map((x) => Object.fromEntries(paths.map((path) => [path, x])));
    expect(settingsOf(choices).axes.map(({ label }) => label)).toEqual(labels);
  });
});

describe("settings", () => {
  it("stand in the order of the numeric axis, whatever the order of the plan, the seed left out", () => {
    const settings = settingsOf(
      [4, 0.5, 1].flatMap((beta) => [1, 2].map((seed) => ({ "objective.beta": beta, seed }))),
    );
    expect(settings.all.map(({ position }) => position)).toEqual([0.5, 1, 4]);
    expect(settings.of({ seed: 9, "objective.beta": 1 })?.label).toBe("beta 1");
  });

  it("are one series where axes were swept in step", () => {
    const settings = settingsOf(
      [
        [1, 10],
        [2, 20],
        [4, 40],
      ].map(([beta, latent]) => ({ "objective.beta": beta, "model.latent": latent })),
    );
    expect(settings.series).toEqual([""]);
    expect(settings.all[1]?.label).toBe("beta 2, latent 20");
  });

  it("are a series for each value of another axis in a grid", () => {
    const settings = settingsOf(
      ["gaussian", "vamp"].flatMap((prior) => [1, 2].map((beta) => ({ "model.prior": prior, "objective.beta": beta }))),
    );
    expect(settings.series).toEqual(["gaussian", "vamp"]);
    expect(settings.primary?.path).toBe("objective.beta");
  });

  it("run along a swept weight, whatever its name, before any other number", () => {
    const grid = [4, 8].flatMap((latent) => [1, 2].map((tc) => ({ "model.latent": latent, "objective.tc": tc })));
    expect(settingsOf(grid, ["objective.tc"]).primary?.path).toBe("objective.tc");
    expect(settingsOf(grid, ["objective.tc"]).series).toEqual(["latent 4", "latent 8"]);
    const named = grid.map(({ "objective.tc": beta, ...rest }) => ({ ...rest, "objective.beta": beta }));
    expect(settingsOf(named).primary?.path).toBe("model.latent");
  });

  it("know choices again by value, whatever the order of their keys", () => {
    const settings = settingsOf([{ prior: { type: "vamp", components: 5 } }, { prior: { type: "gaussian" } }]);
    expect(settings.of({ prior: { components: 5, type: "vamp" } })?.label).toBe("vamp (components 5)");
  });
});
