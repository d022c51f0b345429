/** Where specs are read from: the components and presets that ship, and the flags of this call. */
import { join } from "node:path";
import { builtins } from "../../builtins.js";
import { packageRoot } from "../../engine/folders.js";
import { type Catalogue, createCatalogue } from "../../registry/components/catalogue.js";
import type { PluginHost } from "../../registry/plugins/load.js";
import { lookingHost } from "../plugins/hosts.js";

export const presetsFolder = (): string => join(packageRoot(), "examples", "presets");

let ships: Catalogue | undefined;
/** One for the whole process: what is known by a catalogue is then known to every experiment without plugins. */
export const builtinCatalogue = (): Catalogue => (ships ??= createCatalogue(builtins));

export const loadOptions = (
  { set = [], add = [] }: { set?: string[]; add?: string[] } = {},
  catalogue: Catalogue = builtinCatalogue(),
  host: PluginHost = lookingHost,
) => ({
  catalogue,
  host,
  presets: presetsFolder(),
  set,
  add,
});
