/**
 * Guards for the JSON files of runs and sweeps (src/storage/layout.ts), because a folder may be damaged or come from
 * anywhere.
 */

import { SPLITS } from "../contracts/dataset.js";
import { LOGGED_KINDS } from "../contracts/logged-figure.js";
import { DIRECTIONS, FAMILY_AXES, SECTIONS } from "../contracts/measurement.js";
import { SCHEDULE_ROLES } from "../contracts/schedule.js";
import { SUPPORTS } from "../tensor/fields.js";
import { anything, count, flag, type Guard, listOf, mapOf, number, objectOf, oneOf, orNull, text } from "./guards.js";

/** Any object. */
export const objectGuard = mapOf(anything);

export const statusGuard = objectOf(
  {
    state: oneOf("running", "interrupted", "failed", "finished"),
    attempt: count,
    pid: count,
    host: text,
    startedAt: text,
    updatedAt: text,
    step: count,
    totalSteps: count,
  },
  { exit: count, reason: text, stoppedEarly: objectOf({ epoch: count, validations: count }) },
);

const better = oneOf(...DIRECTIONS);
const bound = oneOf("upper", "lower");
const key = {
  set: objectOf({ output: oneOf("draws", "means") }, { sampler: text }),
  field: text,
  class: objectOf({ field: text, index: count }),
  latent: text,
  encoder: oneOf("training", "refitted"),
};
const measurement = objectOf(
  { figure: text, metric: text, unit: text, better, value: orNull(number), n: number },
  { ...key, k: number, standardError: number, bound, note: text, perExample: flag },
);
const settingMeasurement = objectOf(
  {
    figure: text,
    metric: text,
    unit: text,
    better,
    mean: number,
    low: orNull(number),
    high: orNull(number),
    n: number,
  },
  { ...key, bound },
);

const declaredFigure = objectOf(
  { metric: text, title: text, unit: text, better, section: oneOf(...SECTIONS), reading: text },
  {
    by: listOf(oneOf(...FAMILY_AXES)),
    prominence: oneOf("headline", "detail"),
    k: text,
    bound: text,
    chart: text,
  },
);
const planeAxis = objectOf({ figure: text }, { role: text, better: oneOf("higher", "lower") });
const plane = objectOf(
  { x: planeAxis, y: planeAxis, reading: text },
  {
    equalSum: objectOf({ title: text, sign: oneOf(1, -1), reading: text }),
    origin: objectOf({ x: number, y: number }),
  },
);
const declarations = { figures: mapOf(declaredFigure), planes: listOf(plane) };

const controls = mapOf(mapOf(measurement));
const classNames = mapOf(listOf(text));

export const runMetricsGuard = objectOf(
  {
    ...declarations,
    name: text,
    seed: count,
    split: oneOf(...SPLITS),
    checkpoint: objectOf({ step: count, which: oneOf("best", "last") }),
    measurements: mapOf(measurement),
  },
  { controls, classNames },
);

export const loggedFiguresGuard = listOf(
  objectOf(
    { name: text, title: text, unit: text, kind: oneOf(...LOGGED_KINDS) },
    {
      phase: text,
      term: text,
      latent: text,
      dimensions: count,
      field: text,
      role: oneOf(...SCHEDULE_ROLES),
    },
  ),
);

export const plannedTrialGuard = objectOf({ id: text, choices: objectGuard, seed: count });

export const sweepHeaderGuard = objectOf({
  name: text,
  axes: listOf(objectOf({ path: text, values: listOf(anything) }, { role: oneOf(...SCHEDULE_ROLES) })),
  seeds: listOf(count),
  trials: count,
});

export const sweepMetricsGuard = objectOf({
  ...declarations,
  name: text,
  points: listOf(
    objectOf(
      { trial: text, folder: text, choices: objectGuard, seed: count, measurements: mapOf(measurement) },
      { controls, classNames },
    ),
  ),
  groups: listOf(objectOf({ choices: objectGuard, seeds: listOf(count), measurements: mapOf(settingMeasurement) })),
  interval: text,
});

/** Names of samplers are parts of file names. */
const fileName: Guard = (value, at) =>
  text(value, at) ??
  (/^[\w-]+$/.test(String(value)) ? undefined : `${JSON.stringify(at)} cannot be part of a file name`);

export const sampleLayoutGuard = objectOf(
  { samplers: listOf(fileName) },
  {
    columns: objectOf({ field: text, classes: listOf(count) }, { names: listOf(text) }),
    images: oneOf(false),
    channels: objectOf({ of: number, drawn: number }),
    codes: objectOf({ split: oneOf(...SPLITS), checkpoint: text }),
    notDrawn: listOf(objectOf({ file: text, reason: text })),
  },
);

const fieldGuard = objectOf(
  {
    kind: oneOf("image", "vector", "label"),
    shape: listOf(count),
    support: oneOf(...SUPPORTS),
  },
  { classes: count, names: listOf(text), levels: count, columns: listOf(objectGuard) },
);
export const keptDataGuard = objectOf(
  {
    sha256: text,
    fields: mapOf(fieldGuard),
    modeled: text,
    sizes: objectOf(Object.fromEntries(SPLITS.map((name) => [name, count]))),
    labelCounts: mapOf(listOf(count)),
  },
  { partial: listOf(text), missing: mapOf(count), trainingRange: objectOf({ low: number, high: number }) },
);
