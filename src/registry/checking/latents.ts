/** The latents of a spec: how they are written, and whether their edges make a model. */

import type { DatasetDescription } from "../../contracts/index.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { DATA, FEATURES, type LatentPlan, latentPlans } from "../../spec/latents.js";
import type { Part } from "../components/parts.js";
import { nameOf } from "../components/parts.js";
import { suggest } from "../reading/nearest.js";
import { able } from "./capabilities.js";
import type { Finding } from "./diagnostics.js";
import { drawFindings } from "./latent-draws.js";
import { edgeFindings, finding, type Model } from "./latent-edges.js";
import { type Placed, supportFindings } from "./supports.js";
import { untrainedFindings } from "./untrained.js";

/** `latent` or `latents`, never both; and a size or a shape for each. */
export const latentFormFindings = (model: Model): Finding[] => {
  const { latent, latents } = model;
  if (latent === undefined && latents === undefined)
    return [
      finding(
        "/model",
        'neither "latent" nor "latents" is given',
        'Write "latent": 16 for one, or name several in "latents".',
      ),
    ];
  if (!latents) return [];
  const both = (["latent", "posterior", "prior"] as const).filter(
    (key) => Object.hasOwn(model, key) && model[key] !== undefined,
  );
  const shorthand = both.map((key) =>
    finding(
      `/model/${key}`,
      `"${key}" stands beside "latents"`,
      `Move it into one of the latents: model.latents.NAME.${key === "latent" ? "size" : key}.`,
    ),
  );
  const sizes = Object.entries(latents).flatMap(([name, { size, shape, observed }]) => {
    const pointer = `/model/latents/${name}`;
    if (size !== undefined && shape)
      return [finding(pointer, 'both "size" and "shape" are given', "Keep one of the two.")];
    if (size === undefined && !shape && observed === undefined)
      return [finding(pointer, 'the latent has no "size"', 'Write "size": 16, or a "shape".')];
    return [];
  });
  const reserved = Object.keys(latents)
    .filter((name) => name === FEATURES || name === DATA)
    .map((name) =>
      finding(
        `/model/latents/${name}`,
        `a latent cannot be named "${name}", which stands for ${name === FEATURES ? "the encoder's features" : "the data"}`,
      ),
    );
  return [...shorthand, ...sizes, ...reserved];
};

/** The prior and the posterior against what they depend on. */
const dependencyFindings = ({ plan, prior, posterior }: Placed, plans: readonly LatentPlan[]): Finding[] => {
  const { name, generatedFrom } = plan;
  const { pointer } = prior;
  const drawn = inferredFromDrawn(plan, plans);
  const parents = generatedFrom.map((from) => `"${from}"`).join(" and ");
  return [
    generatedFrom.length > 0 &&
      !able(prior, "conditional") &&
      finding(
        pointer,
        `the ${nameOf(prior)} of "${name}" cannot be conditioned on ${parents}`,
        'Choose a prior with the capability "conditional", such as gaussian, or take "generatedFrom" out.',
      ),
    able(prior, "encodes") &&
      drawn !== undefined &&
      finding(
        pointer,
        `the ${nameOf(prior)} asks for q at pseudo-inputs, and q of "${name}" depends on the latent "${drawn}", which has no value there`,
        'Infer the latent from "x" alone, or choose another prior.',
      ),
    able(posterior, "encodes") &&
      drawn !== undefined &&
      finding(
        posterior.pointer,
        `the ${nameOf(posterior)} encodes training examples, and its features depend on the latent "${drawn}", which has no value there`,
        'Infer the latent from "x" alone, or choose another posterior, such as hamiltonian.',
      ),
  ].filter((each) => each !== false);
};

/** ln p(x, z) is known where all other latents are. */
const jointFindings = ({ plan, posterior }: Placed, plans: readonly LatentPlan[]): Finding[] => {
  const nested = posterior.inner.find((part) => part.kind === "posterior" && able(part, "joint"));
  if (nested)
    return [
      finding(
        nested.pointer,
        `the ${nameOf(nested)} follows the gradient of ln p(x, z) at its own draws, which the ${nameOf(posterior)} changes`,
        `Choose another posterior for this slot, or use the ${nameOf(nested)} alone.`,
      ),
    ];
  const others = plans.filter(({ name }) => name !== plan.name && !plan.inferredFrom.includes(name));
  if (others.length === 0 || !able(posterior, "joint")) return [];
  const names = others.map(({ name }) => `"${name}"`);
  return [
    finding(
      plan.pointer,
      `the ${nameOf(posterior)} of "${plan.name}" follows the gradient of ln p(x, z), so it needs the values of all other latents, and ${names.join(" and ")} ${names.length > 1 ? "are" : "is"} inferred apart from it`,
      `Add ${names.join(" and ")} to its "inferredFrom", or choose another posterior.`,
    ),
  ];
};

/** Whether the parts of a latent can have its shape. */
const shapeFindings = ({ plan: { name, shape }, posterior, prior }: Placed): Finding[] =>
  [posterior, prior].flatMap((part) => {
    const { definition, fields, pointer } = part;
    const misfit = "refusesShape" in definition ? definition.refusesShape?.(fields, shape) : undefined;
    if (misfit === undefined) return [];
    return [
      finding(pointer, `the ${nameOf(part)} cannot have the latent "${name}" of the shape [${shape}]: ${misfit}`),
    ];
  });

/** A latent that q of this one depends on, and that no field of the data stands for. */
const inferredFromDrawn = ({ inferredFrom }: LatentPlan, plans: readonly LatentPlan[]): string | undefined =>
  inferredFrom.find((name) => plans.some((plan) => plan.name === name && plan.observed === undefined));

/** A regularizer that scores a draw under q of other examples, whose draws of the latents before it are others. */
const crossFindings = (plans: readonly LatentPlan[], parts: readonly Part[]): Finding[] =>
  parts
    .filter((part) => part.kind === "regularizer" && able(part, "crosses"))
    .flatMap((part) =>
      plans.flatMap((plan) => {
        const drawn = inferredFromDrawn(plan, plans);
        if (drawn === undefined) return [];
        return [
          finding(
            part.pointer,
            `the ${nameOf(part)} scores the draws of an example under q of the others, and q of "${plan.name}" depends on the latent "${drawn}" at ${plan.pointer}`,
            'Infer every latent from "x" alone, or choose the regularizer "adversarial-total-correlation".',
          ),
        ];
      }),
    );

const labelFindings = (plans: readonly LatentPlan[], { fields, modeled }: DatasetDescription): Finding[] => {
  const labels = Object.keys(fields).filter(
    (name) => name !== modeled && fields[name]!.support === "categorical" && fields[name]!.shape.length === 0,
  );
  return plans.flatMap(({ name, pointer, observed, shape }, i) => {
    if (observed === undefined) return [];
    const at = `${pointer}/observed`;
    if (!labels.includes(observed))
      return [
        finding(
          at,
          `the data have no label ${JSON.stringify(observed)}`,
          labels.length > 0 ? suggest(observed, labels) : "These data have no label.",
        ),
      ];
    const twin = plans.slice(0, i).find((each) => each.observed === observed);
    if (twin) return [finding(at, `the latents "${twin.name}" and "${name}" both stand for "${observed}"`)];
    const classes = Math.max(2, fields[observed]!.classes ?? 2);
    if (shape.length !== 1 || shape[0] !== classes)
      return [
        finding(
          pointer,
          `the label "${observed}" has ${classes} classes, and the latent has the shape [${shape}]`,
          `Leave "size" and "shape" out.`,
        ),
      ];
    return [];
  });
};

/** A head that predicts what a latent stands for. */
const predictedTwice = (placed: readonly Placed[], parts: readonly Part[]): Finding[] =>
  parts.flatMap((part) => {
    const plan = part.outermost && part.kind === "head" ? part.definition.plan?.(part.fields) : undefined;
    const twin = plan?.role === "target" && placed.find(({ plan: { observed } }) => observed === plan.field);
    if (!twin) return [];
    const { name } = twin.plan;
    return [
      finding(
        part.pointer,
        `the ${nameOf(part)} predicts "${plan.field}", and so does the latent "${name}" with its ${nameOf(twin.posterior)} and ${nameOf(twin.prior)}`,
        "Keep one of the two.",
      ),
    ];
  });

/** @param parts the outermost parts that pass their own schemas */
export const latentFindings = (
  model: Model,
  parts: readonly Part[],
  description: DatasetDescription | undefined,
): Finding[] => {
  const plans = latentPlans(model as ResolvedSpec["model"], description?.fields ?? {});
  const edges = edgeFindings(plans, model);
  if (edges.length > 0) return edges;
  const placed = plans.flatMap((plan): Placed[] => {
    const posterior = parts.find(({ pointer }) => pointer === `${plan.pointer}/posterior`);
    const prior = parts.find(({ pointer }) => pointer === `${plan.pointer}/prior`);
    return posterior && prior ? [{ plan, posterior, prior }] : [];
  });
  const objective = parts.find(({ kind, outermost }) => kind === "objective" && outermost);
  return [
    ...predictedTwice(placed, parts),
    ...supportFindings(placed, parts),
    ...crossFindings(plans, parts),
    ...placed.flatMap((each) => [
      ...dependencyFindings(each, plans),
      ...shapeFindings(each),
      ...drawFindings(each, plans, objective),
      ...jointFindings(each, plans),
    ]),
    ...untrainedFindings(placed, parts, objective),
    ...(description ? labelFindings(plans, description) : []),
  ];
};
