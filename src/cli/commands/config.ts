/** `vaelab config`: the resolved spec with all defaults, and the origin of each value. */
import type { Command } from "commander";
import type { Origins } from "../../registry/reading/traced.js";
import { type ChangeOptions, withChanges, withExamples, withJson } from "../options.js";
import { note, type OutputOptions, printLine, printRecord, textTable } from "../output.js";

/** Values by JSON pointer. A list of plain values counts as one value. */
const leaves = (value: unknown, pointer = ""): [pointer: string, value: unknown][] => {
  const isObject = (x: unknown): x is object => typeof x === "object" && x !== null;
  const isLeaf = !isObject(value) || (Array.isArray(value) && !value.some(isObject)) || Object.keys(value).length === 0;
  if (isLeaf) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, child]) =>
    leaves(child, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
};

const config = async (
  file: string,
  { json, origin, ...changes }: ChangeOptions & OutputOptions & { origin?: boolean },
): Promise<void> => {
  const [{ loadOptions }, { loadExperiment }, { showOrigin }] = await Promise.all([
    import("../../experiments/runs/load-options.js"),
    import("../../registry/experiment.js"),
    import("../../registry/reading/traced.js"),
  ]);
  const { spec, origins } = await loadExperiment(file, { ...loadOptions(changes), progress: note });
  const originOf = (pointer: string, all: Origins): string => {
    const found = all.get(pointer);
    return found ? showOrigin(found) : "default";
  };
  const rows = (): [string, unknown, string][] =>
    leaves(spec).map(([pointer, value]) => [pointer, value, originOf(pointer, origins)]);
  if (json) {
    const from = origin ? { origins: Object.fromEntries(rows().map(([pointer, , source]) => [pointer, source])) } : {};
    printRecord({ type: "config", spec, ...from });
  } else if (origin)
    printLine(
      textTable(
        ["pointer", "value", "from"],
        rows().map(([pointer, value, source]) => [pointer, JSON.stringify(value), source]),
      ),
    );
  else printLine(JSON.stringify(spec, null, 2));
};

export const addConfig = (program: Command): Command => {
  const command = program
    .command("config")
    .summary("print the resolved spec with every default")
    .description("Prints the resolved spec: extended specs merged, flags applied, every default filled in.")
    .argument("<spec>", "spec as a JSON file")
    .option("--origin", "show the file and line, or the flag, that each value came from")
    .action(config);
  return withExamples(
    withJson(withChanges(command)),
    "vaelab config my.json",
    "vaelab config my.json --origin --set seed=3",
  );
};
