/** Description of a data set before its values are read; derived data sets inspect their base. */
import type { DataPlace, DatasetContext, DatasetDescription } from "../../contracts/index.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import type { Catalogue } from "../components/catalogue.js";
import { inPackage } from "../components/data-package.js";
import { suggest } from "../reading/nearest.js";

/**
 * @returns undefined if it provides no description. @throws if inspection fails, as for missing files or sizes that do not
 * fit
 */
export const inspectDataset = (
  fields: ResolvedFields,
  place: DataPlace,
  catalogue: Catalogue,
  progress?: DatasetContext["progress"],
): DatasetDescription | undefined => {
  const inspect: NonNullable<DatasetContext["inspect"]> = (inner, elsewhere = place) => {
    const description = inspectDataset(inner, elsewhere, catalogue, progress);
    if (description) return description;
    throw new VaelabError("SPEC_COMBINATION", {
      message: `the dataset "${inner.type}" cannot be inspected before it is read, so no other data set can be derived from it`,
    });
  };
  const definition = catalogue.get("dataset", fields.type);
  if (!definition)
    throw new VaelabError("SPEC_COMBINATION", {
      message: `unknown dataset ${JSON.stringify(fields.type)}`,
      remedy: `${suggest(fields.type, catalogue.names("dataset"))}. One of a plugin needs the plugin named in "plugins"`,
    });
  return definition.inspect?.(fields, { ...inPackage(definition, place), inspect, ...(progress && { progress }) });
};
