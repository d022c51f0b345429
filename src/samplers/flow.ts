/**
 * A normalizing flow over the training codes, of which samples are drawn instead of from the prior: bijections over a Gaussian, fitted by
 * maximum likelihood in a program of their own. The codes are standardized by dimension first, so
 *
 *     ln p(z) = ln N(f^-1((z - m) / s); 0, I) + ln |det df^-1| - sum_d ln s_d
 */
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { Flow } from "../distributions/flow.js";
import { evaluationCall } from "../inference/call.js";
import type { Points } from "../numerics/points.js";
import { mean } from "../numerics/statistics.js";
import type { Stream } from "../numerics/streams.js";
import { defineSampler } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";
import { drawRows, FITTING, fitDensity, scoreRows } from "./fitted-density.js";
import { standardization } from "./standardization.js";

export const flow = defineSampler({
  schema: {
    type: "object",
    title: "normalizing flow over the codes",
    description:
      "Trained on the training codes after training, per class if the model is conditioned on a label. Its samples are scored as a set of their own.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "flow" },
      layers: {
        type: "array",
        items: { type: "object", component: "bijection", deferred: true },
        minItems: 1,
        default: [{ type: "maf" }, { type: "maf" }],
        description: "Bijections, from the Gaussian to the codes",
      },
      ...FITTING,
      temperature: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Standard deviation of the Gaussian: below 1, samples are likelier and vary less",
      },
    },
  },
  formula: "ln p(z) = ln N(f^-1((z - m) / s); 0, T^2 I) + ln |det df^-1| - sum_d ln s_d",
  source:
    "Papamakarios, Pavlakou & Murray 2017 (maf); Dinh, Sohl-Dickstein & Bengio 2017 (real-nvp); of codes: Ghosh et al. 2020, section 4",
  capabilities: () => ["density"],
  requires: () => [
    {
      kind: "bijection",
      capability: "invertible",
      within: "slots",
      reason: "The flow is fitted to codes, which takes the inverse: use a bijection such as maf or real-nvp",
    },
  ],
  create: ({ layers, epochs, batchSize, optimizer, temperature }) => ({
    learn: async (codes: Points, uniform: Stream, { runner }) => {
      const { width } = codes;
      const { standard, original, logScale } = standardization(codes);
      const rows = standard(codes);
      const density = await fitDensity(() => rows, uniform, {
        runner,
        training: { epochs, batchSize, optimizer },
        declare: async (parameters) => {
          const bijections = await Promise.all(
            layers.map((layer, i) => layer({ shape: [width], parameters: parameters.scope(`layers/${i}`) })),
          );
          return {
            at: (noise, spread) =>
              new Flow(
                new DiagonalGaussian(tf.zeros([width]), tf.fill([width], 2 * Math.log(spread))),
                bijections.map((each) => each.at({ call: evaluationCall(noise) })),
              ),
          };
        },
      });
      const logProb = (points: Points, spread: number): Float64Array =>
        scoreRows(density, standard(points), spread).map((value) => value - logScale);
      const fit = mean(logProb(codes, 1));
      return {
        sample: (count, stream) => original(drawRows(density, count, width, { uniform: stream, spread: temperature })),
        logProb: (points) => logProb(points, temperature),
        note: `flow of ${layers.length} layers on ${codes.n} training codes, mean log-likelihood ${fit.toFixed(3)} nats`,
      };
    },
  }),
});
