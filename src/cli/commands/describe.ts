/** `vaelab describe KIND/TYPE`: what a component computes, its fields, its source, and what it combines with. */
import type { Command } from "commander";
import { KINDS, type Kind } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import type { Catalogue, Entry } from "../../registry/components/catalogue.js";
import { typeOf } from "../../spec/define.js";
import { type ComponentText, capabilitiesText, componentText } from "../component-text.js";
import { withExamples, withJson, withPlugins } from "../options.js";
import { type OutputOptions, paint, printResult, textTable } from "../output.js";

const find = async (name: string, plugins: readonly string[]): Promise<{ entry: Entry; catalogue: Catalogue }> => {
  const [{ catalogueWith }, { suggest }] = await Promise.all([
    import("../catalogue.js"),
    import("../../registry/reading/nearest.js"),
  ]);
  const catalogue = await catalogueWith(plugins);
  const [kind = "", type = "", ...more] = name.split("/");
  if (!type || more.length > 0) {
    const meant = catalogue.all().filter(({ definition }) => typeOf(definition) === name);
    const named = meant.map(({ definition }) => `${definition.kind}/${name}`).join(" or ");
    const kinds = KINDS.some((known) => known === name)
      ? `vaelab list ${name} shows those of this kind`
      : "vaelab list shows all components";
    throw new VaelabError("USAGE", {
      message: `"${name}" is not a component`,
      remedy: named ? `Did you mean ${named}?` : `Use KIND/TYPE, as in prior/vamp; ${kinds}.`,
    });
  }
  if (!KINDS.some((known) => known === kind))
    throw new VaelabError("USAGE", { message: `unknown kind "${kind}"`, remedy: suggest(kind, KINDS) });
  const entry = catalogue.all().find(({ definition }) => definition.kind === kind && typeOf(definition) === type);
  if (!entry)
    throw new VaelabError("USAGE", {
      message: `unknown ${kind} "${type}"`,
      remedy: suggest(type, catalogue.names(kind as Kind)),
    });
  return { entry, catalogue };
};

const LABEL_WIDTH = 15;
const labeled = (label: string, text: string): string => `${label}:`.padEnd(LABEL_WIDTH) + text;

const linesOf = (component: ComponentText): string[] => {
  const { kind, name, title, description, formula, source, from, combines } = component;
  const figures = component.figures.map(({ name, unit, better, by, reading }) => [
    name,
    unit,
    better,
    by.join(", "),
    reading,
  ]);
  const fields = component.fields.map(({ path, type, fallback, description }) => [path, type, fallback, description]);
  return [
    `${paint("bold", `${kind}/${name}`, process.stdout)}  ${title}`,
    ...(description ? [description] : []),
    ...(formula?.split("\n").map((line, i) => (i === 0 ? labeled("Formula", line) : " ".repeat(LABEL_WIDTH) + line)) ??
      []),
    labeled("Source", source ?? "not given"),
    labeled("Defined by", from),
    labeled("Capabilities", capabilitiesText(component)),
    ...combines.map(({ what, text }) => labeled(what, text)),
    "",
    ...(fields.length > 0 ? textTable(["field", "type", "without it", "meaning"], fields).split("\n") : ["No fields."]),
    ...(figures.length > 0
      ? ["", ...textTable(["figure", "unit", "better", "for each", "how to read it"], figures).split("\n")]
      : []),
  ];
};

const describe = async (name: string, { plugin, json }: OutputOptions & { plugin: string[] }): Promise<void> => {
  const { entry, catalogue } = await find(name, plugin);
  const component = componentText(entry, catalogue);
  printResult({ json }, { type: "component", ...component, schema: entry.definition.schema }, () => linesOf(component));
};

export const addDescribe = (program: Command): Command => {
  const command = program
    .command("describe")
    .summary("describe a component and what it combines with")
    .description(
      "Prints what a component computes, its fields with types and defaults, its source, and what it combines with.",
    )
    .argument("<kind/type>", "as in prior/vamp")
    .action(describe);
  return withExamples(
    withJson(withPlugins(command)),
    "vaelab describe prior/vamp",
    "vaelab describe objective/elbo --json",
  );
};
