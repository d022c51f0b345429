import { describe, expect, it } from "vitest";
import { placeLabels, standApart } from "../../../src/report/charts/place-labels.js";

describe("labels beside points", () => {
  it("stand to the upper right where there is room", () => {
    const places = placeLabels([
      { x: 10, y: 10, label: "0.1" },
      { x: 100, y: 100, label: "10" },
    ]);
    expect(places).toEqual([
      { dx: 8, dy: -8, align: "left" },
      { dx: 8, dy: -8, align: "left" },
    ]);
  });
  it("turn aside for another's label or point, and are left out where nothing is free", () => {
    const sides = placeLabels(
      Array.from({ length: 8 }, () => ({ x: 50, y: 50, label: "1" })),
      100,
    );
    // All rings lie on one place, so each label only has to avoid the ones before it.
    expect(sides.slice(0, 6).map((side) => [side!.align, side!.dy])).toEqual([
      ["left", -8],
      ["left", 10],
      ["right", -8],
      ["right", 10],
      ["left", -16],
      ["left", 18],
    ]);
    expect(sides.slice(6)).toEqual([undefined, undefined]);
    const [first] = placeLabels([
      { x: 50, y: 50, label: "0.25" },
      { x: 66, y: 42, label: "0.5" },
    ]);
    expect(first).toEqual({ dx: 8, dy: 10, align: "left" });
  });
  it("stand above or below where others are on both sides", () => {
    const places = placeLabels(
      [
        { x: 270, y: 40, label: "memorized examples" },
        { x: 290, y: 40, label: "training examples" },
      ],
      300,
    );
    expect(places.map((place) => [place!.align, place!.dy])).toEqual([
      ["right", -8],
      ["right", 18],
    ]);
  });
  it("stay within the picture", () => {
    const [right, left] = placeLabels(
      [
        { x: 290, y: 50, label: "training examples" },
        { x: 5, y: 90, label: "noise" },
      ],
      300,
    );
    expect([right!.align, left!.align]).toEqual(["right", "left"]);
  });
});

describe("labels across points", () => {
  it("are left out where they would cover one before them", () => {
    const at = (x: number, y: number, label: string) => ({ x, y, label });
    // Of 10 letters, each 6.5 wide: 65 in all.
    expect(standApart([at(100, 50, "versicolor"), at(150, 50, "virginica-"), at(170, 50, "setosa----")], 10)).toEqual([
      true,
      false,
      true,
    ]);
    expect(standApart([at(100, 50, "versicolor"), at(100, 61, "virginica")], 10)).toEqual([true, true]);
    expect(standApart([at(100, 50, "0"), at(108, 50, "1")], 10)).toEqual([true, true]);
  });
});
