/** What the tests of data sets that read files have in common. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Dataset, DatasetDescription, SplitName } from "../../../src/contracts/dataset.js";
import { validatorOf } from "../../../src/registry/checking/validator.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import type { Definition } from "../../../src/spec/define.js";

export const FIXTURES = join(import.meta.dirname, "../../fixtures/data");
/** What Python's own libraries found in the fixtures. */
export const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, "expected.json"), "utf8")) as {
  train: { pixels: string; labels: number[]; sum: number };
  test: { pixels: string; labels: number[]; sum: number };
  penguins: { rows: Record<string, string>[] };
  pictures: Record<string, { shape: number[]; pixels: number[] }>;
  luma: number[];
  boxed: { shape: number[]; pixels: number[] };
};

const validator = validatorOf(createCatalogue(builtins));
const withDefaults = (fields: { type: string }): never => {
  const filled = structuredClone(fields);
  const faults = validator.component("dataset", fields.type, filled);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return filled as never;
};
export const create = async (
  definition: Definition<"dataset">,
  fields: { type: string },
  folder = FIXTURES,
  preparation?: unknown,
  warn?: (message: string) => void,
): Promise<Dataset> =>
  definition.create(withDefaults(fields), {
    folder,
    ...(preparation !== undefined && { preparation }),
    ...(warn && { warn }),
  });
export const inspect = (
  definition: Definition<"dataset">,
  fields: { type: string },
  folder = FIXTURES,
): DatasetDescription => definition.inspect!(withDefaults(fields), { folder });

export const rowsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** A whole split. */
export const readAll = (dataset: Dataset, name: SplitName, purpose: "training" | "evaluation" = "evaluation") =>
  dataset.split(name, purpose).read(rowsOf(dataset.sizes[name]));

/** A folder with these files, gone after the test. */
export const folderWith = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};
