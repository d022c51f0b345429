/**
 * Converts lines of a history before format 3, which declare no figures. Only this file derives the meaning of a value from its name:
 * "kl/3" and "kl/z1/3" (dimensions of a latent), "label.accuracy" (a field), "objective.beta" (a schedule), "PHASE/rate".
 */
import type { LoggedFigure } from "../contracts/logged-figure.js";
import type { ScheduleRole } from "../contracts/schedule.js";
import type { HistoryEntry } from "./layout.js";

/** The blocks of a spec that can hold schedules. */
const SPEC = ["objective", "regularizers", "training", "model"];
const ROLES: Readonly<Record<string, ScheduleRole>> = {
  beta: "weight",
  weight: "weight",
  alpha: "weight",
  capacity: "target",
  learningRate: "learning-rate",
};
const TITLES: Readonly<Record<string, string>> = {
  gradientNorm: "gradient norm",
  learningRate: "learning rate",
  crossEntropy: "cross-entropy",
  kl: "KL",
};
const titleOf = (term: string): string => TITLES[term] ?? term;

const scheduleOf = (name: string): LoggedFigure => {
  const last = name.split(".").at(-1)!;
  const role = ROLES[last];
  return { name, title: titleOf(last), unit: "", kind: "schedule", ...(role && { role }) };
};

const termOf = (name: string): LoggedFigure => {
  const [, field, ofField] = /^([^./]+)\.([^./]+)$/.exec(name) ?? [];
  if (field !== undefined && ofField !== undefined)
    return {
      name,
      title: `${titleOf(ofField)} of ${field}`,
      unit: ofField === "accuracy" ? "fraction" : "nats",
      kind: "term",
      term: ofField,
      field,
    };
  const [term = name, ...phase] = name.split("/").reverse();
  const title = [titleOf(term), ...phase].join(", ");
  if (term === "gradientNorm") return { name, title, unit: "", kind: "gradient-norm", term };
  return { name, title, unit: "nats", kind: term === "loss" ? "loss" : "term", term };
};

const klOf = (name: string, latent: string | undefined, dimensions: number): LoggedFigure => ({
  name,
  title: latent === undefined ? "KL" : `KL of ${latent}`,
  unit: "nats",
  kind: "term",
  term: "kl",
  latent: latent ?? "z",
  dimensions,
});

/** A weight that was logged a second time beside its schedule. */
export const isRepeated = ({ name }: HistoryEntry): boolean => name === "beta" || /^[^./]+\.weight$/.test(name);

/** The line in the current format, and its figure. */
export const undeclared = (entry: HistoryEntry): { figure: LoggedFigure; entry: HistoryEntry } => {
  const { name } = entry;
  const [whole, latent, dimension] = /^kl(?:\/(?!\d+$)([^/]+))?(?:\/(\d+))?$/.exec(name) ?? [];
  if (whole !== undefined) {
    const own = latent === undefined ? "kl" : `kl/${latent}`;
    const at = Number(dimension ?? 0);
    return { figure: klOf(own, latent, at + 1), entry: { ...entry, name: own, dimension: at } };
  }
  const isSchedule = name.includes(".") && SPEC.includes(name.split(".")[0]!);
  return { figure: isSchedule ? scheduleOf(name) : termOf(name), entry };
};
