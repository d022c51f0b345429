/** Context of metrics: blocks of examples with noise fixed by block, and the sets that metrics of samples compare. */
import type { SplitName } from "../../contracts/dataset.js";
import type { FeatureExtractor, MetricContext } from "../../contracts/metric.js";
import { VaelabError } from "../../errors.js";
import { diskCache } from "./disk-cache.js";
import type { Trained } from "./evaluation-program.js";
import { type BlockServices, blockRunner } from "./metric-blocks.js";
import { type SamplingOptions, samplingContext } from "./sampling.js";

export interface MetricServices extends Partial<SamplingOptions>, BlockServices {
  /** For metrics that require it. */
  extractor?: () => Promise<FeatureExtractor>;
}

const noExtractor = (): never => {
  throw new VaelabError("CONTRACT", {
    message: 'a metric asks for a feature extractor and does not say so in "needs"',
  });
};

export const metricContext = (
  trained: Trained,
  split: SplitName,
  {
    extractor = noExtractor,
    dataSeed = 0,
    samplers = [],
    cache = diskCache,
    warn = console.warn,
    ...services
  }: MetricServices,
): MetricContext => ({
  model: trained.model,
  dataset: trained.dataset,
  split,
  size: trained.dataset.sizes[split],
  sampling: samplingContext(trained, split, { dataSeed, samplers, cache, warn }),
  extractor,
  canRefit: services.refitted !== undefined,
  blocks: blockRunner(trained, split, services),
});
