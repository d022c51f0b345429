/**
 * The plugins that the user trusts: those that a spec of their own named when it was run, and those that they named on a command
 * line. An entry is a file with its content, so neither another file of the same content nor the same file with other content is
 * trusted. Entries lie in the user's cache folder, TRUSTED/CONTENT/FILE.json; without them a plugin has to be named again.
 */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import { contentHash, type PluginContent } from "../../registry/plugins/content.js";
import { makeFolder, sha256Bytes } from "../../storage/files.js";
import { claimedFormat, FORMAT, writeVersioned } from "../../storage/format.js";
import { isObject, readJson } from "../../storage/json.js";
import { readFolder } from "../../storage/read-file.js";
import { trustedPluginsRoot } from "../../storage/user-folders.js";

export interface PluginFile extends PluginContent {
  file: string;
}

/** Files trusted by this process, by content. If the cache folder is not writable, trust is kept only here. */
const trusted = new Map<string, Set<string>>();

const folderFor = (content: string): string => join(trustedPluginsRoot(), content);

export const trust = (plugin: PluginFile, warn: (message: string) => void): void => {
  const { file } = plugin;
  const content = contentHash(plugin);
  if (trustedFiles(content).includes(file)) return;
  const files = trusted.get(content) ?? new Set();
  trusted.set(content, files.add(file));
  try {
    makeFolder(folderFor(content));
    writeVersioned(join(folderFor(content), `${sha256Bytes(file)}.json`), { file });
  } catch (error) {
    if (!(error instanceof VaelabError) || error.code !== "NOT_WRITABLE") throw error;
    warn(
      `the plugin ${file} has to be named again next time (--plugin), because this cannot be kept: ${error.message}`,
    );
  }
};

/** Files that were trusted with this content, those of this process first; what they hold now is another question. */
export const trustedFiles = (content: string): string[] => {
  const kept = /^[0-9a-f]{64}$/.test(content) ? readFolder(folderFor(content)) : [];
  const files = kept.flatMap((name) => {
    const entry = name.endsWith(".json") ? readJson(join(folderFor(content), name)) : undefined;
    // An entry of a newer version trusts nothing here: the plugin has to be named again.
    const isKnown = Number(claimedFormat(entry)) <= FORMAT;
    return isKnown && isObject(entry) && typeof entry.file === "string" ? [entry.file] : [];
  });
  return [...new Set([...(trusted.get(content) ?? []), ...files])];
};
