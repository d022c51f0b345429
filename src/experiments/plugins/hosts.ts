/** Which plugins run: those of a caller's own spec, and those of a saved run or a sweep that were chosen before. */
import { VaelabError } from "../../errors.js";
import { contentHash } from "../../registry/plugins/content.js";
import type { Plugin, PluginHost } from "../../registry/plugins/load.js";
import { showPath } from "../../registry/reading/traced.js";
import type { Reporter } from "../runs/reporter.js";
import { importPlugin } from "./import-plugin.js";
import { trust } from "./trust.js";

/** Looks at a spec, such as `validate`: its plugins run, and nothing is remembered. */
export const lookingHost: PluginHost = { admit: () => {}, load: importPlugin };

/** Runs a spec of the caller's own: whoever names a plugin in one trusts it from then on. */
export const ownHost = (reporter: Reporter): PluginHost => ({
  load: importPlugin,
  admit: (plugin) => {
    announce(plugin, reporter);
    trust(plugin, (message) => reporter.event({ type: "warning", message }));
  },
});

/** Loads plugins that were chosen before, as they were then. @param instead what to do where one is another by now */
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
