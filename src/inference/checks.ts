/**
 * Checks of what components return, on names and shapes alone: in a captured step they cost nothing after the first call. A wrong
 * shape would otherwise broadcast, and train on a mean where a sum was meant.
 */
import type { Distribution, Draw } from "../contracts/distribution.js";
import type { TermDeclaration } from "../contracts/logged-figure.js";
import type { Objective, Phase, Terms } from "../contracts/objective.js";
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";
import type { Tensor } from "../tensor/tensor.js";

const contract = (message: string, remedy?: string): VaelabError =>
  new VaelabError("CONTRACT", { message, ...(remedy !== undefined && { remedy }) });

const isSame = (a: Shape, b: Shape): boolean => a.join() === b.join();
const shown = (shapes: readonly Shape[]): string => shapes.map((shape) => `[${shape}]`).join(" or ");

/** @param what names the part and its method: 'logProb of the prior of "z"'. @throws CONTRACT at another shape */
export const assertShape = (what: string, found: Tensor, ...expected: readonly Shape[]): void => {
  if (expected.some((shape) => isSame(found.shape, shape))) return;
  throw contract(
    `${what} has the shape [${found.shape}], and ${shown(expected)} was expected`,
    "logProb sums over the axes of one event, and keeps those of samples and batch.",
  );
};

/** @throws CONTRACT if a value of a latent does not end in the event shape of q, or p has another event shape */
export const assertEvents = (
  name: string,
  q: Distribution,
  p: Distribution,
  { value, codes }: Pick<Draw, "value" | "codes">,
  samples: number,
): void => {
  const { eventShape } = q;
  if (!isSame(value.shape.slice(2), eventShape) || value.rank !== 2 + eventShape.length)
    throw contract(
      `the posterior of the latent "${name}" draws values [${value.shape}], and [${samples}, batch, ${eventShape}] was expected`,
    );
  const scored = codes ? codes.shape.slice(2) : eventShape;
  if (!isSame(p.eventShape, scored))
    throw contract(
      `the prior of the latent "${name}" has events [${p.eventShape}], and its posterior has ${codes ? "codes " : ""}[${scored}]`,
    );
};

const describePhase = (phase: Phase, index: number): string =>
  typeof phase.name === "string" && phase.name ? `the phase "${phase.name}"` : `phase ${index + 1} of the objective`;

/** @throws CONTRACT at an objective without phases, an incomplete phase, or two of one name */
export const assertPhases = ({ phases }: Objective): void => {
  if (!Array.isArray(phases) || phases.length === 0)
    throw contract("the objective has no phases", "Return { phases: [{ name, every, variables, terms }] }.");
  for (const [index, phase] of phases.entries()) {
    const which = describePhase(phase, index);
    if (typeof phase.name !== "string" || phase.name === "") throw contract(`${which} has no name`);
    if (!Number.isInteger(phase.every) || phase.every < 1)
      throw contract(
        `${which} has "every" ${JSON.stringify(phase.every)}`,
        "Set it to 1 to run the phase in every step.",
      );
    for (const method of ["variables", "terms"] as const)
      if (typeof phase[method] !== "function") throw contract(`${which} has no function "${method}"`);
    for (const [term, { title = "", unit = "" }] of Object.entries<TermDeclaration>(phase.figures ?? {}))
      if (typeof title !== "string" || typeof unit !== "string")
        throw contract(`${which} declares a title or a unit of the term "${term}" that is not text`);
    if (phases.findIndex(({ name }) => name === phase.name) < index)
      throw contract(`two phases of the objective are named "${phase.name}"`);
  }
};

/** Whether this is a tensor: of the one instance of the tensor library or not. */
const shapeOf = (value: unknown): Shape | undefined =>
  typeof value === "object" && value !== null && "shape" in value ? (value.shape as Shape) : undefined;

/** Members of the object that a phase returns. */
const MEMBERS: readonly string[] = ["loss", "terms", "byLatent", "byField"] satisfies (keyof Terms)[];

/** @throws CONTRACT at a loss or a term that is not a scalar, or a term of a latent that has more than one axis */
export const assertTerms = (phase: string, result: Terms): void => {
  const { loss, terms, byLatent = {}, byField = {} } = result;
  const whose = `the phase "${phase}"`;
  const unknown = Object.keys(result).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined)
    throw contract(`${whose} returns "${unknown}", which is not logged`, `Known: ${MEMBERS.join(", ")}.`);
  const scalar = (what: string, value: unknown): void => {
    const shape = shapeOf(value);
    if (shape?.length === 0) return;
    const found = shape ? `of shape [${shape}]` : JSON.stringify(value);
    throw contract(`${what} of ${whose} must be a scalar tensor, and it is ${found}`);
  };
  scalar("the loss", loss);
  if (typeof terms !== "object" || terms === null)
    throw contract(`${whose} returns no terms to log`, "Return { loss, terms: {} }.");
  for (const [name, value] of Object.entries(terms)) scalar(`the term "${name}"`, value);
  for (const [field, own] of Object.entries(byField))
    for (const [name, value] of Object.entries(own)) scalar(`the term "${name}" of the field "${field}"`, value);
  for (const [latent, own] of Object.entries(byLatent))
    for (const [name, value] of Object.entries(own)) {
      const shape = shapeOf(value);
      if (!shape || shape.length > 1)
        throw contract(
          `the term "${name}" of the latent "${latent}" in ${whose} must be a scalar or a vector, and it is ${shape ? `of shape [${shape}]` : JSON.stringify(value)}`,
        );
    }
};
