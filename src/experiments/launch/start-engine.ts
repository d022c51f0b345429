/** Loads the chosen engine, and warns if `auto` fell back to a slower one. */
import type { Engine } from "../../engine/engine.js";
import type { LaunchOptions, Services } from "../services/services.js";

export const startEngine = async (
  { engine = "auto", threads }: Pick<LaunchOptions, "engine" | "threads">,
  { engine: load, reporter }: Pick<Services, "engine" | "reporter">,
): Promise<Engine> => {
  const loaded = await load(engine, threads === undefined ? {} : { threads });
  if (loaded.why) reporter.event({ type: "warning", message: loaded.why });
  return loaded;
};
