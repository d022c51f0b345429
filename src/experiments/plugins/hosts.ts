/** Decides which plugins run: those of the caller's own spec, and already approved ones of a saved run or sweep. */
import { VaelabError } from "../../errors.js";
import { contentHash } from "../../registry/plugins/content.js";
import type { Plugin, PluginHost } from "../../registry/plugins/load.js";
import { showPath } from "../../registry/reading/traced.js";
import type { Reporter } from "../runs/reporter.js";
import { importPlugin } from "./import-plugin.js";
import { trust } from "./trust.js";

/** For commands that only inspect a spec, such as `validate`: plugins run, but trust is not recorded. */
export const lookingHost: PluginHost = { admit: () => {}, load: importPlugin };

/** For running the caller's own spec: its plugins are trusted from then on. */
export const ownHost = (reporter: Reporter): PluginHost => ({
  load: importPlugin,
  admit: (plugin) => {
    announce(plugin, reporter);
    trust(plugin, (message) => reporter.event({ type: "warning", message }));
  },
});

/** Loads approved plugins if they are unchanged. @param instead remedy if one has changed */
export const chosenHost = (chosen: readonly Plugin[], reporter: Reporter, instead: string): PluginHost => {
  const announced = new Set<string>();
  return {
    load: importPlugin,
    admit: (plugin, where) => {
      const { file } = plugin;
      const known = chosen.find((each) => each.file === file);
      if (!known || contentHash(known) !== contentHash(plugin)) {
        const message = `the plugin ${showPath(file)} ${known ? "has changed" : "is not one of those that were checked"}`;
        throw new VaelabError("PLUGIN", { where, message, remedy: instead });
      }
      if (!announced.has(file)) announce(plugin, reporter);
      announced.add(file);
    },
  };
};

const announce = ({ file, sha256 }: Plugin, reporter: Reporter): void =>
  reporter.event({ type: "plugin", file, sha256 });
