/** Where the values of latents lie: a posterior, what stands in its slots, its prior and the samplers of the evaluation must agree. */
import type { LatentSupport } from "../../contracts/distribution.js";
import { type LatentPlan, supportsOf } from "../../spec/latents.js";
import type { Part } from "../components/parts.js";
import { nameOf } from "../components/parts.js";
import type { Finding } from "./diagnostics.js";
import { finding } from "./latent-edges.js";

/** A latent of the spec with its parts. */
export interface Placed {
  plan: LatentPlan;
  posterior: Part;
  prior: Part;
}

const partSupports = ({ definition, fields }: Part): readonly LatentSupport[] => supportsOf(definition, fields);

const NAMES: Readonly<Partial<Record<LatentSupport, string>>> = {
  sphere: "unit vectors",
  ball: "points of the unit ball",
};
const valuesOf = (support: LatentSupport): string => NAMES[support] ?? `${support} values`;
const onesOf = (support: LatentSupport): string => NAMES[support] ?? `${support} ones`;

/** The prior of a latent is over the values that its posterior gives; a prior over codes sees them one-hot. */
const priorFindings = ({ posterior, prior }: Placed): Finding[] => {
  const [given] = partSupports(posterior) as [LatentSupport];
  const own = given === "codes" ? "one-hot" : given;
  const supports = partSupports(prior);
  if (supports.includes(own)) return [];
  const gives = given === "codes" ? "codes, as one-hot ones" : onesOf(own);
  return [
    finding(
      prior.pointer,
      `the ${nameOf(prior)} is over ${supports.map(valuesOf).join(" or ")}, and the ${nameOf(posterior)} gives ${gives}`,
      `Choose a prior over ${valuesOf(own)}.`,
    ),
  ];
};

/** A posterior made of others, such as a flow, takes their draws. */
const slotFindings = ({ posterior }: Placed): Finding[] => {
  const [own] = partSupports(posterior) as [LatentSupport];
  const unlike = posterior.inner.filter((part) => part.kind === "posterior" && !partSupports(part).includes(own));
  return unlike.map((part) =>
    finding(
      part.pointer,
      `the ${nameOf(posterior)} takes ${valuesOf(own)}, and the ${nameOf(part)} gives ${partSupports(part).map(onesOf).join(" or ")}`,
      `Choose a posterior over ${valuesOf(own)} for this slot.`,
    ),
  );
};

/** A sampler draws codes of all latents; of a label it draws none, and says so in its figures. */
const samplerFindings = (sampler: Part, placed: readonly Placed[]): Finding[] => {
  const supports = partSupports(sampler);
  const unlike = placed.filter(
    ({ plan: { observed }, posterior }) =>
      observed === undefined && !partSupports(posterior).some((each) => supports.includes(each)),
  );
  return unlike.map(({ plan: { name }, posterior }) =>
    finding(
      sampler.pointer,
      `the ${nameOf(sampler)} draws ${supports.map(valuesOf).join(" or ")}, and the ${nameOf(posterior)} of "${name}" gives ${partSupports(posterior).map(onesOf).join(" or ")}`,
      "Take it out: samples of the prior are scored without it.",
    ),
  );
};

export const supportFindings = (placed: readonly Placed[], parts: readonly Part[]): Finding[] => [
  ...placed.flatMap((each) => [...priorFindings(each), ...slotFindings(each)]),
  ...parts
    .filter(({ kind, outermost }) => kind === "sampler" && outermost)
    .flatMap((sampler) => samplerFindings(sampler, placed)),
];
