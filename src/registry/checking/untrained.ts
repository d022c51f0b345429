/** Priors that an objective without a rate leaves as they begin. */
import type { LatentPlan } from "../../spec/latents.js";
import { nameOf, type Part } from "../components/parts.js";
import { able } from "./capabilities.js";
import type { Finding } from "./diagnostics.js";
import { finding } from "./latent-edges.js";
import type { Placed } from "./supports.js";

/** What the prior of a latent is conditioned on, in quotes: other latents, and fields that heads show to priors. */
const parentsOf = ({ generatedFrom }: LatentPlan, parts: readonly Part[]): string[] => {
  const shown = parts.flatMap((part) => {
    const plan = part.outermost && part.kind === "head" ? part.definition.plan?.(part.fields) : undefined;
    return plan?.role === "condition" && plan.seenBy.prior ? [`"${plan.field}" of the ${nameOf(part)}`] : [];
  });
  return [...generatedFrom.map((name) => `"${name}"`), ...shown];
};

/** @param objective undefined where it is invalid. A regularizer that compares codes with draws of the prior trains it too. */
export const untrainedFindings = (
  placed: readonly Placed[],
  parts: readonly Part[],
  objective: Part | undefined,
): Finding[] => {
  if (!objective || !able(objective, "rateless")) return [];
  if (parts.some((part) => part.kind === "regularizer" && able(part, "matches"))) return [];
  return placed.flatMap(({ plan, prior }) => {
    const parents = parentsOf(plan, parts);
    if (parents.length === 0 && able(prior, "fixed")) return [];
    const given = parents.length > 0 ? ` given ${parents.join(" and ")}` : "";
    return [
      finding(
        prior.pointer,
        `the ${nameOf(prior)} of "${plan.name}"${given} has parameters, and at beta 0 the ${nameOf(objective)} has no rate, so nothing trains them`,
        "Choose a prior without parameters, such as gaussian, set beta, or add a regularizer that compares codes with draws of the prior, such as mmd.",
      ),
    ];
  });
};
