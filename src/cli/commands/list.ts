/** `vaelab list`: the components that a spec can name. */
import { Argument, type Command } from "commander";
import { KINDS, type Kind } from "../../contracts/kinds.js";
import { typeOf } from "../../spec/define.js";
import { withExamples, withJson, withPlugins } from "../options.js";
import { type OutputOptions, printLine, printRecord, textTable } from "../output.js";
import { titleOf } from "../schema-text.js";

const list = async (kind: Kind | undefined, { plugin, json }: OutputOptions & { plugin: string[] }): Promise<void> => {
  const { catalogueWith } = await import("../catalogue.js");
  const catalogue = await catalogueWith(plugin);
  const rows = catalogue
    .all()
    .filter(({ definition }) => !kind || definition.kind === kind)
    .map(({ definition, source }) => ({
      kind: definition.kind,
      name: typeOf(definition),
      title: titleOf(definition.schema),
      from: source,
    }));
  if (json) for (const row of rows) printRecord({ type: "component", ...row });
  else
    printLine(
      textTable(
        ["kind", "name", "what it is", "from"],
        rows.map((row) => [row.kind, row.name, row.title, row.from]),
      ),
    );
};

export const addList = (program: Command): Command => {
  const command = program
    .command("list")
    .summary("list the components")
    .description("Lists, by kind, the components that a spec can name.")
    .addArgument(new Argument("[kind]", "list only this kind").choices(KINDS))
    .action(list);
  return withExamples(
    withJson(withPlugins(command)),
    "vaelab list",
    "vaelab list prior --plugin ./student-t-prior.mjs",
  );
};
