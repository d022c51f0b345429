/** The laws of a component, by its kind. */
import type { Kind } from "../../contracts/kinds.js";
import type { Engine } from "../../engine/engine.js";
import { VaelabError } from "../../errors.js";
import type { AnyDefinition, Definition } from "../../spec/define.js";
import { resolveComponent } from "../component.js";
import { KINDS_OF_A_STEP, loadCase } from "../experiment.js";
import type { Law } from "../law.js";
import { bijectionLaws } from "./bijection.js";
import { likelihoodLaws } from "./likelihood.js";
import { decoderLaws, encoderLaws } from "./network.js";
import { type LawOptions, nameOf } from "./options.js";
import { posteriorLaws } from "./posterior.js";
import { priorLaws } from "./prior.js";
import { regularizerLaws } from "./regularizer.js";
import { stepLaws } from "./step.js";

const ofKind = (engine: Engine, definition: AnyDefinition, options: LawOptions): Law[] => {
  switch (definition.kind) {
    case "bijection":
      return bijectionLaws(engine, definition, options);
    case "decoder":
      return decoderLaws(engine, definition, options);
    case "encoder":
      return encoderLaws(engine, definition, options);
    case "likelihood":
      return likelihoodLaws(engine, definition, options);
    case "posterior":
      return posteriorLaws(engine, definition, options);
    case "prior":
      return priorLaws(engine, definition, options);
    case "regularizer":
      return regularizerLaws(engine, definition, options);
    default:
      return [];
  }
};

/**
 * The laws of its kind, and those of a training step of a small model that it joins: finite losses, a gradient in every trained parameter,
 * determinism, no leaks, and on the native engine two captured steps beside eager ones.
 *
 * @throws USAGE for kinds that stand in no step: test a data set, sampler or metric by a spec (`specLaws`)
 */
export const lawsOf = (engine: Engine, definition: AnyDefinition, options: LawOptions = {}): Law[] => {
  const { kind } = definition;
  const whichever = definition as Definition;
  const known: readonly Kind[] = KINDS_OF_A_STEP;
  if (!known.includes(kind))
    throw new VaelabError("USAGE", {
      message: `there are no laws of a ${kind} by itself: known are those of ${known.join(", ")}`,
      remedy: "Test a spec that names it, by `specLaws`.",
    });
  const { fields } = resolveComponent(whichever, options);
  const plugin = [definition, ...(options.plugin ?? [])];
  const load = () => loadCase({ kind, fields }, plugin);
  return [...ofKind(engine, definition, options), ...stepLaws(engine, nameOf(whichever, options), load)];
};
