/** The edges of the latents of a spec: unknown names, circles, and latents from which nothing is generated. */
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { DATA, FEATURES, type LatentPlan } from "../../spec/latents.js";
import { outputPlans } from "../../spec/outputs.js";
import { suggest } from "../reading/nearest.js";
import type { Finding } from "./diagnostics.js";

export type Model = Pick<
  ResolvedSpec["model"],
  "latent" | "latents" | "posterior" | "prior" | "decoder" | "likelihood" | "generatedFrom" | "outputs"
>;

export const finding = (pointer: string, message: string, remedy?: string): Finding => ({
  code: "SPEC_COMBINATION",
  pointer,
  message,
  ...(remedy !== undefined && { remedy }),
});

const circleOf = (
  plans: readonly LatentPlan[],
  edges: (plan: LatentPlan) => readonly string[],
): string[] | undefined => {
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    const plan = plans.find((each) => each.name === name);
    for (const next of plan ? edges(plan) : []) {
      const found = visit(next, [...path, name]);
      if (found) return found;
    }
    return undefined;
  };
  for (const { name } of plans) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
};

export const latentsAmong = ({ inferredFrom }: LatentPlan, names: readonly string[]): string[] =>
  inferredFrom.filter((name) => names.includes(name));

/** Unknown latents that another latent, or an output, is generated from. */
const unknownParents = (pointer: string, generatedFrom: readonly string[], names: readonly string[]): Finding[] =>
  generatedFrom.flatMap((name, i) =>
    names.includes(name)
      ? []
      : [finding(`${pointer}/generatedFrom/${i}`, `there is no latent ${JSON.stringify(name)}`, suggest(name, names))],
  );

/** Unknown names and circles. */
export const edgeFindings = (plans: readonly LatentPlan[], model: Model): Finding[] => {
  const names = plans.map(({ name }) => name);
  const unknown = plans.flatMap(({ pointer, inferredFrom, generatedFrom }) => [
    ...inferredFrom.flatMap((name, i) =>
      names.includes(name) || name === DATA || name === FEATURES || name.startsWith(`${FEATURES}/`)
        ? []
        : [
            finding(
              `${pointer}/inferredFrom/${i}`,
              `there is no latent ${JSON.stringify(name)}`,
              suggest(name, [FEATURES, DATA, ...names]),
            ),
          ],
    ),
    ...unknownParents(pointer, generatedFrom, names),
  ]);
  const outputs = outputPlans(model, "");
  const unseen = outputs.flatMap(({ pointer, generatedFrom = [] }) => unknownParents(pointer, generatedFrom, names));
  if (unknown.length + unseen.length > 0) return [...unknown, ...unseen];
  const circles = (["inferredFrom", "generatedFrom"] as const).flatMap((edge) => {
    const circle = circleOf(plans, (plan) =>
      edge === "inferredFrom" ? latentsAmong(plan, names) : plan.generatedFrom,
    );
    if (!circle) return [];
    const at = `/model/latents/${circle[0]}/${edge}`;
    return [
      finding(
        at,
        `the latents depend on each other in a circle: ${circle.join(" → ")}`,
        "Take one of these edges out.",
      ),
    ];
  });
  if (circles.length > 0) return circles;
  // Everything must reach the data, or nothing would train it.
  const reaches = new Set(outputs.flatMap(({ generatedFrom = names }) => generatedFrom));
  for (let before = -1; before < reaches.size; ) {
    before = reaches.size;
    for (const { name, generatedFrom } of plans)
      if (reaches.has(name)) for (const from of generatedFrom) reaches.add(from);
  }
  return plans
    .filter(({ name }) => !reaches.has(name))
    .map(({ name, pointer }) =>
      finding(
        pointer,
        `nothing is generated from the latent "${name}"`,
        'Name it in "generatedFrom" of another latent, of the model or of an output, or leave it out.',
      ),
    );
};
