import { describe, expect, it } from "vitest";
import type { MeasurementKey } from "../../../src/contracts/measurement.js";
import { columnsOf, directedUnit, isLeading } from "../../../src/report/figures/columns.js";
import type { DeclaredFigure } from "../../../src/storage/layout.js";

const figure = (title: string, more: Partial<DeclaredFigure> = {}): DeclaredFigure => ({
  metric: "any",
  title,
  unit: "nats",
  better: "lower",
  section: "likelihood",
  reading: "Read it.",
  ...more,
});
const FIGURES = {
  reach: figure("reach", { section: "samples", by: ["set", "class"], better: "higher", unit: "fraction" }),
  guess: figure("guess", { section: "tasks", by: ["field"], better: "neither" }),
  bound: figure("bound"),
  tight: figure("tight", { by: ["encoder"], prominence: "detail" }),
};
const RECORD: Readonly<Record<string, MeasurementKey>> = {
  e: { figure: "reach", set: { sampler: "gaussian-mixture", output: "means" } },
  d: { figure: "reach", set: { output: "means" } },
  c: { figure: "reach", set: { output: "draws" } },
  f: { figure: "reach", set: { output: "draws" }, class: { field: "digit", index: 3 } },
  b: { figure: "guess", field: "digit" },
  t: { figure: "tight", encoder: "training" },
  a: { figure: "bound", encoder: "training" },
  unknown: { figure: "nowhere" },
};
const columns = columnsOf([RECORD], FIGURES);
const titled = (name: string): string => columns.find((column) => column.name === name)!.title;

describe("columns", () => {
  it("are ordered by section, by declaration, then by set of samples, and those of no declared figure left out", () => {
    expect(columns.map(({ name }) => name)).toEqual(["a", "t", "b", "c", "f", "d", "e"]);
  });

  it("are titled by what tells them from the others of their figure", () => {
    expect([..."abcdef"].map(titled)).toEqual([
      "bound",
      "guess, digit",
      "reach",
      "reach, decoded means",
      "reach, gaussian mixture over codes, decoded means",
      "reach, class 3",
    ]);
    expect(titled("t")).toBe("tight, training encoder");
  });

  it("lead where they are no detail, no class, and of no set but draws of the prior", () => {
    expect(columns.filter(isLeading).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("point their unit towards better values", () => {
    const [a, , b, c] = columns;
    expect([a, b, c].map((column) => directedUnit(column!))).toEqual(["nats ↓", "nats", "fraction ↑"]);
  });
});
