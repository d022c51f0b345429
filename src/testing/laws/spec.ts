/** What holds of a spec that names components of a plugin: it validates and trains, captured as it does eagerly. */
import type { Engine } from "../../engine/engine.js";
import type { AnyDefinition } from "../../spec/define.js";
import { loadWritten, type Written } from "../experiment.js";
import { type Law, lawOf } from "../law.js";
import { stepLaws } from "./step.js";

/**
 * @param spec parts of a spec; those left out are small, and the data are a few examples: `{ "type": "tiny" }`, with a `kind` and a `support`
 * @param plugin its components
 */
export const specLaws = (
  engine: Engine,
  spec: Written,
  { plugin = [], name = "spec" }: { plugin?: readonly AnyDefinition[]; name?: string } = {},
): Law[] => {
  const load = () => loadWritten(spec, plugin);
  return [
    lawOf(name, "validates", async () => {
      await load();
    }),
    ...stepLaws(engine, name, load),
  ];
};
