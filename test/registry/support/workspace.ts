/** A folder of specs and plugins for one test, and what loading them says with that folder's name taken out. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { VaelabError } from "../../../src/errors.js";
import { type Experiment, type LoadOptions, loadExperiment } from "../../../src/registry/experiment.js";
import { catalogue } from "./definitions.js";

export interface Workspace {
  folder: string;
  path(name: string): string;
  load(name: string, options?: Partial<LoadOptions>): Promise<Experiment>;
  /** "CODE" and one line a problem. */
  refusal(name: string, options?: Partial<LoadOptions>): Promise<string[]>;
}

/** Text is written as it is, anything else as JSON, a key a line. */
export const workspace = (files: Readonly<Record<string, unknown>>): Workspace => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "vaelab-registry-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content, null, 2),
    );
  }
  const path = (name: string): string => join(folder, name);
  const load: Workspace["load"] = (name, options) =>
    loadExperiment(path(name), { catalogue, presets: path("presets"), ...options });
  const refusal: Workspace["refusal"] = async (name, options) => refusalOf(load(name, options), folder);
  return { folder, path, load, refusal };
};

export const refusalOf = async (promise: Promise<unknown> | (() => unknown), folder = "\0"): Promise<string[]> => {
  try {
    await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return [error.code, ...error.message.split("\n")].map((line) => line.replaceAll(`${folder}/`, ""));
  }
  throw new Error("nothing was refused");
};
