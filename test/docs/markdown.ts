/** What the documents hold that can be tried: fenced blocks, commands, paths. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../structure/rooms.js";

/** All but the catalogue, which is generated from the components. */
export const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "catalogue.md")
    .map((name) => `docs/${name}`),
];

export interface Block {
  document: string;
  language: string;
  /** The word after the language: a file's name. */
  name: string | undefined;
  body: string;
}

export const textOf = (document: string): string => readFileSync(join(root, document), "utf8");

export const blocks: readonly Block[] = DOCUMENTS.flatMap((document) =>
  [...textOf(document).matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, name, body]) => ({
    document,
    language: language!,
    name,
    body: body!,
  })),
);

/** Code spans in running text. */
export const spans: readonly string[] = DOCUMENTS.flatMap((document) =>
  [
    ...textOf(document)
      .replaceAll(/^```.*?^```$/gms, "")
      .matchAll(/`([^`\n]+)`/g),
  ].map(([, span]) => span!),
);

/** Words of a command line as a shell splits them; a comment ends it. */
export const wordsOf = (line: string): string[] =>
  [...line.replace(/\s+#.*$/, "").matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single: string | undefined, double: string | undefined) =>
      single === undefined ? double! : single,
    ),
  );

export interface Shown {
  line: string;
  words: string[];
}
const shown = (line: string): Shown => ({ line, words: wordsOf(line) });

/** Every command that a shell block or running text shows. */
export const commands: readonly Shown[] = [
  ...blocks.filter(({ language }) => language === "sh").flatMap(({ body }) => body.split("\n").filter(Boolean)),
  ...spans.filter((span) => /^(npm|vaelab) \S/.test(span)),
].map(shown);

/** Every command of a console block, with what the document says that it prints. */
export const sessions: readonly (Shown & { printed: string })[] = blocks
  .filter(({ language }) => language === "console")
  .flatMap(({ body }) =>
    body
      .split(/^\$ /m)
      .slice(1)
      .map((each) => {
        const end = each.indexOf("\n");
        return { ...shown(each.slice(0, end)), printed: each.slice(end + 1).trimEnd() };
      }),
  );
