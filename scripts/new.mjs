/**
 * `npm run new -- KIND NAME [--in FOLDER]`: a component that works, its test, and its line in the index. Change the three; then
 * `npm run schemas` writes the schema and the catalogue.
 *
 *     npm run new -- prior logistic
 *     npm run new -- metric code-norm --in latent
 *     npm run new -- dataset circles --in synthetic
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "./sources.mjs";

/** The room of each kind; rooms with folders have the folder that a new component goes to by default. */
const ROOMS = {
  bijection: { room: "distributions/bijections" },
  dataset: { room: "data", folder: "synthetic" },
  decoder: { room: "models/decoders" },
  encoder: { room: "models/encoders" },
  layer: { room: "models/layers" },
  likelihood: { room: "models/likelihoods" },
  metric: { room: "metrics", folder: "latent" },
  objective: { room: "losses" },
  optimizer: { room: "optimizers" },
  posterior: { room: "models/posteriors" },
  prior: { room: "priors" },
  regularizer: { room: "losses/regularizers" },
  sampler: { room: "samplers" },
  schedule: { room: "schedules" },
};

const fail = (message) => {
  throw new Error(message);
};
const camelCase = (type) => type.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const upwards = (from, to) => relative(from, to).replaceAll("\\", "/");

/** Puts the line where the index is sorted by path. */
const indexed = (text, line) => {
  const lines = text.split("\n").filter(Boolean);
  const path = (each) => /"\.\/(.*)\.js"/.exec(each)?.[1] ?? "";
  return `${[...lines, line].sort((a, b) => (path(a) < path(b) ? -1 : 1)).join("\n")}\n`;
};

/** Writes the three files below `base`, the root of a checkout, and returns their paths from there. */
export const scaffold = (kind, type, { folder, base = root } = {}) => {
  const place = ROOMS[kind];
  if (!place)
    fail(
      kind === "head"
        ? "a head has no template, because heads differ too much: start from src/models/heads/classifier.ts"
        : `unknown kind "${kind}". Known: ${Object.keys(ROOMS).join(", ")}`,
    );
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(type ?? ""))
    fail(`"${type}" cannot be a name: use lower-case words joined by hyphens, such as beta-tc`);
  if (folder && !place.folder) fail(`src/${place.room} has no folders: leave out --in`);
  const inner = place.folder ? (folder ?? place.folder) : undefined;
  const within = [place.room, inner].filter(Boolean).join("/");
  if (!existsSync(join(base, "src", within))) fail(`src/${within}: there is no such folder`);
  const file = `${within}/${type}`;
  const paths = { component: `src/${file}.ts`, test: `test/${file}.test.ts`, index: `src/${place.room}/index.ts` };
  for (const path of [paths.component, paths.test]) if (existsSync(join(base, path))) fail(`${path} exists already`);
  const testFolder = join(base, "test", within);
  const values = {
    name: camelCase(type),
    type,
    title: type.replaceAll("-", " "),
    file,
    src: upwards(join(base, "src", within), join(base, "src")),
    tsrc: upwards(testFolder, join(base, "src")),
    test: upwards(testFolder, join(base, "test")),
  };
  const filled = (template) =>
    readFileSync(join(root, "scripts", "templates", template), "utf8").replaceAll(
      /\{\{(\w+)\}\}/g,
      (_, key) => values[key],
    );
  mkdirSync(testFolder, { recursive: true });
  writeFileSync(join(base, paths.component), filled(`${kind}.ts.txt`));
  writeFileSync(join(base, paths.test), filled(`${kind}.test.ts.txt`));
  const line = `export { ${values.name} } from "./${[inner, type].filter(Boolean).join("/")}.js";`;
  const index = join(base, paths.index);
  writeFileSync(index, indexed(readFileSync(index, "utf8"), line));
  return Object.values(paths);
};

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { in: { type: "string" } } });
    const [kind, type] = positionals;
    if (!kind || !type) fail("usage: npm run new -- KIND NAME [--in FOLDER]");
    const written = scaffold(kind, type, { folder: values.in });
    const [component, test] = written;
    const checks = [
      `npm run unit -- ${test}`,
      "npm run types",
      `npx biome check --write ${dirname(component)} ${dirname(test)}`,
      "npm run schemas",
    ];
    const indented = (lines) => lines.map((line) => `  ${line}`).join("\n");
    console.log(`${indented(written)}\n\nChange them, then:\n${indented(checks)}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
