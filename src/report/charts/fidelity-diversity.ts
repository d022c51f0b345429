/**
 * Fidelity against diversity of samples: how like data they are, and how much of the data's variety they have. Drawn for each
 * pair that the folder holds the figures of, with the controls' places beside the models'.
 */
import type { SweepMetrics } from "../../storage/layout.js";
import { drawable, figureTitle, setTitle, splitName } from "../figures/names.js";
import { CEILING, controlsOf, controlTitle } from "../figures/sample-sets.js";
import type { Settings } from "../figures/settings.js";
import type { Chart } from "./chart.js";
import { type Mark, type PlaneAxis, planeChart } from "./plane.js";

const PAIRS = [
  { diversity: "recall", fidelity: "precision", beware: "" },
  {
    diversity: "coverage",
    fidelity: "density",
    beware: "; density above that of training examples means over-smooth samples, not better ones",
  },
  {
    diversity: "vendiScore",
    fidelity: "precision",
    beware: "; the Vendi score counts what differs, noise included, and hangs on n",
  },
] as const;

const controlMarks = (metrics: SweepMetrics, x: string, y: string): Mark[] => {
  const across = new Map(controlsOf(metrics, x).map(({ set, value }) => [set, value]));
  return controlsOf(metrics, y).flatMap(({ set, value }) => {
    const place = across.get(set);
    return place === undefined ? [] : [{ label: controlTitle(set), x: place, y: value, ceiling: set === CEILING }];
  });
};

/** One for each pair and each set of samples that has both figures; the samples of the prior come first. */
export const fidelityDiversity = (metrics: SweepMetrics, settings: Settings): Chart[] => {
  const names = new Set(
    metrics.points.flatMap(({ figures }) => Object.keys(figures).filter((name) => drawable(figures[name]))),
  );
  const unitOf = (name: string): string =>
    metrics.points.map(({ figures }) => figures[name]?.unit).find((unit) => unit !== undefined) ?? "";
  const sets = [...new Set([...names].map((name) => splitName(name).set))].sort((a, b) => a.length - b.length);
  return sets.flatMap((set) =>
    PAIRS.flatMap(({ diversity, fidelity, beware }) => {
      const of = (figure: string): string => (set === "" ? figure : `${figure}/${set}`);
      if (!names.has(of(diversity)) || !names.has(of(fidelity))) return [];
      const axis = (figure: string, kind: string): PlaneAxis => {
        const [name, word] = [of(figure), figureTitle(figure)];
        const unit = unitOf(name);
        return { name, word, title: `${kind}: ${word}, ${unit}`, unit, better: "more" };
      };
      const chart = planeChart(metrics, settings, {
        heading: `${figureTitle(fidelity).replace(/^./, (first) => first.toUpperCase())} against ${figureTitle(diversity)}: ${setTitle(set)}`,
        alt: `Fidelity against diversity of ${setTitle(set)}`,
        reading: `Up, samples are more like data; right, they have more of its variety${beware}`,
        x: axis(diversity, "diversity"),
        y: axis(fidelity, "fidelity"),
        controls: controlMarks(metrics, diversity, fidelity),
        origin: { x: 0, y: 0 },
        size: { width: 520, height: 370 },
      });
      return chart ? [chart] : [];
    }),
  );
};
