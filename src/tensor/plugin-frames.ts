/** Where in a plugin an error was thrown, by the files of the plugins that this process has loaded. */
import { pathToFileURL } from "node:url";

/** A module of a plugin as stack traces name it, and as messages do. */
const modules = new Map<string, string>();

/** @param file absolute @param shown in messages */
export const rememberModule = (file: string, shown: string): void => {
  modules.set(pathToFileURL(file).href, shown);
  modules.set(file, shown);
};

/** "laplace.mjs:12": the innermost line of a plugin that an error came through; undefined where it came through none. */
export const pluginLineOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !error.stack || modules.size === 0) return undefined;
  for (const frame of error.stack.split("\n")) {
    const [, place, line] = /^\s*at (?:.*\()?(.+?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame) ?? [];
    const shown = place && modules.get(place.replace(/^async /, ""));
    if (shown) return `${shown}:${line}`;
  }
  return undefined;
};

/** The same in brackets, for the end of a message. */
export const inPlugin = (error: unknown): string => {
  const line = pluginLineOf(error);
  return line ? ` (${line})` : "";
};
