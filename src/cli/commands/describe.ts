/** `vaelab describe KIND/TYPE`: a component's fields, defaults, capabilities and source. */
import type { Command } from "commander";
import { type AnyDefinition, KINDS, type Kind, type ResolvedFields, typeOf } from "../../core/define.js";
import { VaelabError } from "../../core/errors.js";
import type { Entry } from "../../registry/catalogue.js";
import { withExamples, withJson, withPlugins } from "../options.js";
import { type OutputOptions, paint, printLine, printRecord, textTable } from "../output.js";
import { defaultsOf, descriptionOf, fieldsOf, titleOf } from "../schema-text.js";

const find = async (name: string, plugins: readonly string[]): Promise<Entry> => {
  const [{ catalogueWith }, { suggest }] = await Promise.all([
    import("../catalogue.js"),
    import("../../registry/nearest.js"),
  ]);
  const catalogue = await catalogueWith(plugins);
  const [kind = "", type = "", ...more] = name.split("/");
  if (!type || more.length > 0)
    throw new VaelabError("USAGE", {
      message: `"${name}" names no component`,
      remedy: "Write KIND/TYPE, as in prior/vamp; vaelab list shows them all.",
    });
  if (!KINDS.some((known) => known === kind))
    throw new VaelabError("USAGE", { message: `unknown kind "${kind}"`, remedy: suggest(kind, KINDS) });
  const entry = catalogue.all().find(({ definition }) => definition.kind === kind && typeOf(definition) === type);
  if (!entry)
    throw new VaelabError("USAGE", {
      message: `unknown ${kind} "${type}"`,
      remedy: suggest(type, catalogue.names(kind as Kind)),
    });
  return entry;
};

/** As they are with every default; undefined where a field without one decides on them. */
const withDefaults = <T>(
  { schema }: AnyDefinition,
  hook: ((fields: ResolvedFields) => T) | undefined,
): T | undefined => {
  const defaults = defaultsOf(schema);
  return hook && defaults ? hook({ ...defaults, type: typeOf({ schema }) }) : undefined;
};

const text = ({ definition, source }: Entry): string => {
  const { schema, capabilities, requires } = definition;
  const description = descriptionOf(schema);
  const fields = fieldsOf(schema).map(({ path, type, fallback, description }) => [path, type, fallback, description]);
  const able = capabilities
    ? (withDefaults(definition, capabilities)?.join(", ") ?? "depend on its fields")
    : "none declared";
  const needs = withDefaults(definition, requires) ?? [];
  return [
    `${paint("bold", `${definition.kind}/${typeOf(definition)}`, process.stdout)}  ${titleOf(schema)}`,
    ...(description ? [description] : []),
    `Source:        ${definition.source ?? "not given"}`,
    `Defined by:    ${source}`,
    `Capabilities:  ${able}`,
    ...needs.map(({ kind, capability, reason }) => `Needs:         ${kind} with "${capability}": ${reason}`),
    "",
    fields.length ? textTable(["field", "type", "without it", "meaning"], fields) : "It has no fields.",
  ].join("\n");
};

const describe = async (name: string, { plugin, json }: OutputOptions & { plugin: string[] }): Promise<void> => {
  const entry = await find(name, plugin);
  const { definition, source } = entry;
  if (!json) printLine(text(entry));
  else
    printRecord({
      type: "component",
      kind: definition.kind,
      name: typeOf(definition),
      title: titleOf(definition.schema),
      from: source,
      source: definition.source,
      fields: fieldsOf(definition.schema),
      capabilities: withDefaults(definition, definition.capabilities),
      schema: definition.schema,
    });
};

export const addDescribe = (program: Command): Command => {
  const command = program
    .command("describe")
    .summary("print a component's fields, defaults and source")
    .description(
      "Prints what a component is, its fields with types and defaults, what it is capable of, and its source.",
    )
    .argument("<kind/type>", "as in prior/vamp")
    .action(describe);
  return withExamples(
    withJson(withPlugins(command)),
    "vaelab describe prior/vamp",
    "vaelab describe objective/elbo --json",
  );
};
