/** What a regularizer owes to its contract (src/contracts/regularizer.ts): a finite scalar that shapes the model. */
import type { Engine } from "../../engine/engine.js";
import { type Definition, typeOf } from "../../spec/define.js";
import { assertFinite, assertThat } from "../assertions.js";
import { resolveComponent } from "../component.js";
import { loadCase, setUp } from "../experiment.js";
import { type Law, lawOf } from "../law.js";
import { gradientsAt, runEagerly } from "../steps.js";
import { type LawOptions, nameOf } from "./options.js";

/** In a small model, its penalty is finite and reaches a trained parameter, before the weight. */
export const regularizerLaws = (
  engine: Engine,
  definition: Definition<"regularizer">,
  options: LawOptions = {},
): Law[] => {
  const { fields } = resolveComponent(definition, options);
  const type = typeOf(definition);
  const title = "its penalty is finite, and has a gradient in a trained parameter";
  return [
    lawOf(nameOf(definition, options), title, async () => {
      const made = await setUp(
        await loadCase({ kind: "regularizer", fields }, [definition, ...(options.plugin ?? [])]),
      );
      const [outputs] = runEagerly(engine.noise, made, [0]).outputs;
      for (const [name, { data }] of Object.entries(outputs!))
        if (name.endsWith(`.${type}`)) assertFinite("the penalty", data);
      const gradients = Object.values(gradientsAt(engine, made, 0, ({ terms }) => terms[type]));
      const reached = gradients.filter((gradient) => gradient?.data.some((value) => value !== 0)).length;
      assertThat(
        reached > 0,
        `its penalty reaches none of ${gradients.length} trained parameters, expected one at least`,
      );
    }),
  ];
};
