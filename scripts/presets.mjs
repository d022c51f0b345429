/**
 * `npm run presets` writes docs/presets.md from examples/presets and bench/presets, as `npm run schemas` does too.
 *
 *     npm run presets -- --measure [--only vae,iwae]   first trains the presets that were not measured in their present form
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BUDGET, measure } from "../bench/presets/measure.mjs";
import { importSources } from "./import-sources.mjs";
import { root } from "./sources.mjs";

const { values: options } = parseArgs({ options: { measure: { type: "boolean" }, only: { type: "string" } } });
const { compositionHash, presetsPage, readPresets } = await importSources({
  "src/cli/presets-page.ts": ["compositionHash", "presetsPage"],
  "src/cli/read-presets.ts": ["readPresets"],
});
const file = join(root, "bench", "presets", "measured.json");
const save = (measured) => writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
if (!existsSync(file)) save({ budget: BUDGET, presets: {} });

const { rows, measured } = readPresets(root);
if (options.measure) {
  const earlier = measured.budget === BUDGET ? measured.presets : {};
  const presets = Object.fromEntries(rows.flatMap(({ name }) => (earlier[name] ? [[name, earlier[name]]] : [])));
  const isMissing = ({ name, written }) => presets[name]?.composition !== compositionHash(written);
  const only = options.only?.split(",");
  for (const row of rows.filter((each) => (only ? only.includes(each.name) : isMissing(each)))) {
    console.log(`measuring ${row.name}`);
    presets[row.name] = { composition: compositionHash(row.written), ...measure(row, rows) };
    save({ budget: BUDGET, presets: Object.fromEntries(Object.entries(presets).sort(([a], [b]) => (a < b ? -1 : 1))) });
  }
}
const page = join(root, "docs", "presets.md");
const text = presetsPage(rows, JSON.parse(readFileSync(file, "utf8")));
writeFileSync(page, text);
console.log(`written: docs/presets.md, ${rows.length} presets`);
