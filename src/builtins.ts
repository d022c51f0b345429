/** Everything that ships, in one list: the only file that names all the rooms. */

import { KINDS, type Kind } from "./contracts/kinds.js";
import * as datasets from "./data/index.js";
import * as bijections from "./distributions/bijections/index.js";
import * as objectives from "./losses/index.js";
import * as regularizers from "./losses/regularizers/index.js";
import * as metrics from "./metrics/index.js";
import * as decoders from "./models/decoders/index.js";
import * as encoders from "./models/encoders/index.js";
import * as heads from "./models/heads/index.js";
import * as layers from "./models/layers/index.js";
import * as likelihoods from "./models/likelihoods/index.js";
import * as posteriors from "./models/posteriors/index.js";
import * as optimizers from "./optimizers/index.js";
import * as priors from "./priors/index.js";
import * as samplers from "./samplers/index.js";
import * as schedules from "./schedules/index.js";
import type { AnyDefinition, Definition } from "./spec/define.js";
import type { SpecsOf } from "./spec/spec-types.js";

const rooms: { readonly [K in Kind]: Readonly<Record<string, Definition<K>>> } = {
  dataset: datasets,
  encoder: encoders,
  decoder: decoders,
  posterior: posteriors,
  prior: priors,
  likelihood: likelihoods,
  head: heads,
  objective: objectives,
  regularizer: regularizers,
  schedule: schedules,
  optimizer: optimizers,
  metric: metrics,
  bijection: bijections,
  layer: layers,
  sampler: samplers,
};

export const builtins: readonly AnyDefinition[] = KINDS.flatMap((kind): AnyDefinition[] => Object.values(rooms[kind]));

declare module "./spec/spec-types.js" {
  interface DatasetSpecs extends SpecsOf<typeof datasets> {}
  interface EncoderSpecs extends SpecsOf<typeof encoders> {}
  interface DecoderSpecs extends SpecsOf<typeof decoders> {}
  interface PosteriorSpecs extends SpecsOf<typeof posteriors> {}
  interface PriorSpecs extends SpecsOf<typeof priors> {}
  interface LikelihoodSpecs extends SpecsOf<typeof likelihoods> {}
  interface HeadSpecs extends SpecsOf<typeof heads> {}
  interface ObjectiveSpecs extends SpecsOf<typeof objectives> {}
  interface RegularizerSpecs extends SpecsOf<typeof regularizers> {}
  interface ScheduleSpecs extends SpecsOf<typeof schedules> {}
  interface OptimizerSpecs extends SpecsOf<typeof optimizers> {}
  interface MetricSpecs extends SpecsOf<typeof metrics> {}
  interface BijectionSpecs extends SpecsOf<typeof bijections> {}
  interface LayerSpecs extends SpecsOf<typeof layers> {}
  interface SamplerSpecs extends SpecsOf<typeof samplers> {}
}
