/**
 * `--set path=value` and `--add path=value`: the value is parsed as JSON if possible, and is text otherwise. Text becomes a
 * number if the schema expects one, in any notation.
 */

import { type Problem, VaelabError } from "../../errors.js";
import { append } from "../../numerics/lists.js";
import type { Catalogue } from "../components/catalogue.js";
import type { SchemaNode } from "../components/schema-nodes.js";
import { type Assignment, assign, PathFault } from "./assign.js";
import { parseTraced } from "./document.js";
import { locatePlugins } from "./extends.js";
import { listAsJson } from "./spelled-numbers.js";
import type { Origin, TracedObject } from "./traced.js";

export interface Flags {
  set?: readonly string[];
  add?: readonly string[];
  /** Base folder of relative paths in a flag; by default the working folder. */
  folder?: string;
}
export interface Flag extends Assignment {
  /** As typed. */
  text: string;
}

/** @throws SPEC_FLAG for all flags at once */
export const parseFlags = ({ set = [], add = [], folder = process.cwd() }: Flags): Flag[] => {
  const problems: Problem[] = [];
  const flags: Flag[] = [];
  const parse = (written: string, mode: "set" | "add"): void => {
    const text = `--${mode} ${written}`;
    try {
      flags.push({ ...parseFlag(written, { kind: "flag", flag: text, folder }), mode, text });
    } catch (error) {
      if (!(error instanceof VaelabError)) throw error;
      append(problems, error.problems);
    }
  };
  for (const written of set) parse(written, "set");
  for (const written of add) parse(written, "add");
  if (problems.length) throw new VaelabError("SPEC_FLAG", problems);
  return flags;
};

const parseFlag = (written: string, origin: Extract<Origin, { kind: "flag" }>): Pick<Assignment, "path" | "value"> => {
  const where = origin.flag;
  const equals = written.indexOf("=");
  if (equals < 1) {
    throw new VaelabError("SPEC_FLAG", {
      where,
      message: "a flag is written path=value",
      remedy: "For example model.latent=8.",
    });
  }
  const path = written.slice(0, equals).trim();
  const text = written.slice(equals + 1);
  if (path === "extends" || path.startsWith("extends.")) {
    const remedy = "Write it in the spec file.";
    throw new VaelabError("SPEC_FLAG", { where, message: "extends is followed before flags are applied", remedy });
  }
  try {
    return {
      path,
      value: parseTraced(
        listAsJson(text) ?? text,
        () => origin,
        () => where,
      ),
    };
  } catch (error) {
    // A value that opens like a list, an object or a string must be JSON; any other value that is not JSON is text.
    if (
      /^\s*[[{"]/.test(text) ||
      (/^-?\d/.test(text) && !Number.isFinite(Number.parseFloat(text))) ||
      !(error instanceof VaelabError)
    )
      throw error;
    return { path, value: { kind: "scalar", origin, value: text } };
  }
};

/** @throws SPEC_FLAG for all flags at once */
export const applyFlags = (
  spec: TracedObject,
  flags: readonly Flag[],
  schema: SchemaNode,
  catalogue: Catalogue,
): TracedObject => {
  const problems: Problem[] = [];
  let result = spec;
  for (const flag of flags) {
    try {
      result = assign(result, schema, flag, catalogue) as TracedObject;
    } catch (error) {
      if (!(error instanceof PathFault)) throw error;
      problems.push({ where: flag.text, message: error.message, ...(error.remedy && { remedy: error.remedy }) });
    }
  }
  if (problems.length) throw new VaelabError("SPEC_FLAG", problems);
  return locatePlugins(result);
};

export const isPluginFlag = ({ path }: Flag): boolean => path === "plugins" || path.startsWith("plugins.");
