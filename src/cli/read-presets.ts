/** Reads what docs/presets.md is made of: the presets that ship, and what bench/presets says of each. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { VaelabError } from "../errors.js";
import { readSpec } from "../registry/reading/extends.js";
import { plain } from "../registry/reading/traced.js";
import { readJson } from "../storage/json.js";
import { composition } from "./preset-composition.js";
import type { Measured, PresetEntry, PresetRow } from "./presets-page.js";

/** @param root of the repository @throws NOT_FOUND where a preset has no entry, or an entry no preset */
export const readPresets = (root: string): { rows: PresetRow[]; measured: Measured } => {
  const [presets, about] = [join(root, "examples", "presets"), join(root, "bench", "presets")];
  const published = join(about, "published.json");
  const entries = readJson(published) as Readonly<Record<string, PresetEntry>>;
  const names = readdirSync(presets)
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
  const problems = [
    ...names
      .filter((name) => !entries[name])
      .map((name) => ({
        message: `the preset "${name}" has no entry`,
        where: published,
        remedy: "Add its paper, its names in other libraries and its published figures, or none.",
      })),
    ...Object.keys(entries)
      .filter((name) => !names.includes(name))
      .map((name) => ({ message: `there is no preset "${name}"`, where: published, remedy: "Remove its entry." })),
  ];
  if (problems.length > 0) throw new VaelabError("NOT_FOUND", problems);
  const rows = names.map((name): PresetRow => {
    const written = plain(readSpec(join(presets, `${name}.json`), { presets })) as PresetRow["written"];
    return { name, entry: entries[name]!, written, composition: composition(written) };
  });
  return { rows, measured: readJson(join(about, "measured.json")) as Measured };
};
