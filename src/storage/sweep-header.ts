/** Reads sweep.json. Before format 3 it does not say which of the swept paths are weights in the loss. */
import type { SweepHeader } from "./layout.js";
import { sweepHeaderGuard } from "./layout-guards.js";
import { readGuardedAs } from "./read-guarded.js";

const NAMING_ROLES = 3;
/** The one weight that an objective had before format 3. */
const BETA = "objective.beta";

/** @throws NOT_FOUND, NOT_READABLE, FORMAT; RUN_FOLDER naming the first invalid member */
export const readSweepHeader = (path: string): SweepHeader => {
  const { format, value } = readGuardedAs<SweepHeader>(path, sweepHeaderGuard);
  if (format >= NAMING_ROLES) return value;
  return { ...value, axes: value.axes.map((axis) => (axis.path === BETA ? { ...axis, role: "weight" } : axis)) };
};

/** The swept paths that are weights in the loss. */
export const sweptWeights = ({ axes }: SweepHeader): string[] =>
  axes.flatMap(({ path, role }) => (role === "weight" ? [path] : []));
