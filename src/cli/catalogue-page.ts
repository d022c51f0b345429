/** Writes docs/catalogue.md: every built-in component, in the words of `describe`. */

import { KINDS } from "../contracts/kinds.js";
import type { Catalogue } from "../registry/components/catalogue.js";
import { capitalized } from "../report/figures/numbers.js";
import { type ComponentText, capabilitiesText, componentText } from "./component-text.js";

/** Escapes a cell, because a bar would end it. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string): string => (text === "" ? "" : `\`${cell(text)}\``);

const fieldTable = ({ fields }: ComponentText): string[] =>
  fields.length === 0
    ? ["No fields."]
    : [
        "| field | type | without it | meaning |",
        "| --- | --- | --- | --- |",
        ...fields.map(
          ({ path, type, fallback, description }) =>
            `| ${code(path)} | ${code(type)} | ${cell(fallback)} | ${cell(description)} |`,
        ),
      ];

const figureTable = ({ figures }: ComponentText): string[] =>
  figures.length === 0
    ? []
    : [
        "",
        "| figure | unit | better | for each | how to read it |",
        "| --- | --- | --- | --- | --- |",
        ...figures.map(
          ({ name, unit, better, by, reading }) =>
            `| ${code(name)} | ${cell(unit)} | ${better} | ${by.join(", ")} | ${cell(reading)} |`,
        ),
      ];

const section = (component: ComponentText): string => {
  const { name, title, description, formula, source, combines } = component;
  return [
    `### \`${name}\``,
    "",
    ...(title
      ? [capitalized(`${title.replace(/[.]?$/, ".")}`) + (description ? ` ${capitalized(description)}` : ""), ""]
      : []),
    ...(formula ? ["```text", formula, "```", ""] : []),
    ...(source ? [`- **Source:** ${source}`] : []),
    ...(capabilitiesText(component) === "none declared" ? [] : [`- **Capabilities:** ${capabilitiesText(component)}`]),
    ...combines.map(({ what, text }) => `- **${what}:** ${text}`),
    "",
    ...fieldTable(component),
    ...figureTable(component),
    "",
  ].join("\n");
};

export const cataloguePage = (catalogue: Catalogue): string => {
  const all = catalogue.all().map((entry) => componentText(entry, catalogue));
  const kinds = KINDS.filter((kind) => all.some((component) => component.kind === kind));
  return [
    "# Catalogue",
    "",
    "<!-- Written by `npm run catalogue` from the components themselves. Change those, not this page. -->",
    "",
    "Every component that a spec can name, as `vaelab describe KIND/TYPE` prints it. Combinations are listed for the",
    "default fields; other values can change them, and validation decides.",
    "",
    ...kinds.map((kind) => {
      const names = all.filter((component) => component.kind === kind).map(({ name }) => `\`${name}\``);
      return `- [${kind}](#${kind}): ${names.join(", ")}`;
    }),
    "",
    ...kinds.flatMap((kind) => [`## ${kind}`, "", ...all.filter((component) => component.kind === kind).map(section)]),
  ]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/\n*$/, "\n");
};
