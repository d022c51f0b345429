/** Functions of a file and how to note that they ran, so that a mutant meets only tests that reach it. */
import ts from "typescript";

/** Every function with a body, in the order of the file: [start, end], and whether the body is a block. */
const functionsOf = (file, code) => {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body)
      found.push({
        start: node.getStart(source),
        end: node.end,
        from: node.body.getStart(source),
        to: node.body.end,
        isBlock: ts.isBlock(node.body),
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** The innermost function around a mutant, by its number; undefined at the top of the file, which runs when it is loaded. */
export const functionAround = (file, code, { start, end }) => {
  const around = functionsOf(file, code).flatMap((each, i) => (each.start <= start && end <= each.end ? [i] : []));
  return around.at(-1);
};

/** The code, calling `globalThis.__ran("FILE#NUMBER")` whenever a function begins; line by line as it was. */
export const noting = (file, code) => {
  const insertions = functionsOf(file, code).flatMap(({ from, to, isBlock }, i) => {
    const note = `globalThis.__ran?.(${JSON.stringify(`${file}#${i}`)})`;
    return isBlock
      ? [{ at: from + 1, order: i, text: `${note};` }]
      : [
          { at: from, order: i, text: `(${note}, ` },
          { at: to, order: -i, text: ")" },
        ];
  });
  let noted = "";
  let done = 0;
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at || a.order - b.order)) {
    noted += code.slice(done, at) + text;
    done = at;
  }
  return noted + code.slice(done);
};

/** What vitest loads before a test file, to write down which functions ran in it. */
export const NOTES_SETUP = `
import { writeFileSync } from "node:fs";
import { afterAll } from "vitest";
const ran = new Set();
globalThis.__ran = (name) => ran.add(name);
afterAll(() => writeFileSync(process.env.MUTANTS_NOTES, JSON.stringify([...ran])));
`;
export const NOTES_CONFIG = `
import { mergeConfig } from "vitest/config";
import config from "./vitest.config.js";
export default mergeConfig(config, { test: { setupFiles: ["./mutants-notes.mjs"] } });
`;
