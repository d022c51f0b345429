/** Where specs are read from: the components and presets that ship, and the flags of this call. */
import { join } from "node:path";
import { builtins } from "../../builtins.js";
import { packageRoot } from "../../engine/folders.js";
import { createCatalogue } from "../../registry/components/catalogue.js";

export const presetsFolder = (): string => join(packageRoot(), "examples", "presets");

export const loadOptions = ({ set = [], add = [] }: { set?: string[]; add?: string[] } = {}) => ({
  catalogue: createCatalogue(builtins),
  presets: presetsFolder(),
  set,
  add,
});
