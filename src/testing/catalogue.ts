/** The components that laws build with: those of vaelab, the data set `tiny`, and those of a plugin. */
import { builtins } from "../builtins.js";
import { type Catalogue, createCatalogue } from "../registry/components/catalogue.js";
import { type AnyDefinition, typeOf } from "../spec/define.js";
import { tiny } from "./tiny-data.js";

const standard = createCatalogue([...builtins, tiny]);

/** @throws PLUGIN for an invalid definition, or for a name that is taken */
export const catalogueWith = (plugin: readonly AnyDefinition[]): Catalogue => {
  const isOwn = (each: AnyDefinition): boolean => !each.schema || standard.get(each.kind, typeOf(each)) !== each;
  const own = [...new Set(plugin)].filter(isOwn);
  return own.length === 0 ? standard : standard.child(own, "the plugin");
};
