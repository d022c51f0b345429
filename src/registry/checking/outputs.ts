/** The outputs of a spec against its data: fields that the data have, the modeled one among them. */
import type { DatasetDescription } from "../../contracts/index.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { encodedOutputs, outputPlans } from "../../spec/outputs.js";
import type { Part } from "../components/parts.js";
import { nameOf } from "../components/parts.js";
import { suggest } from "../reading/nearest.js";
import { capabilitiesOf } from "./capabilities.js";
import type { Finding } from "./diagnostics.js";
import { finding } from "./latent-edges.js";

/** Whether missing values of the field drop out: it has a feature map of its own, and every posterior leaves out what is missing. */
const dropsOut = (field: string, encoder: Part, parts: readonly Part[]): boolean =>
  capabilitiesOf(encoder).includes(`sees/${field}`) &&
  parts.every((part) => part.kind !== "posterior" || !part.outermost || capabilitiesOf(part).includes("partial"));

/** The encoder takes a missing value for the one that fills its place: harmless among numbers, a wrong class of a label. */
const maskFindings = (
  plans: ReturnType<typeof outputPlans>,
  parts: readonly Part[],
  { modeled, partial = [] }: DatasetDescription,
): Finding[] => {
  const encoder = parts.find(({ pointer }) => pointer === "/model/encoder");
  return plans.flatMap(({ field, pointer, encode }) => {
    if (!encoder || !encode || field === modeled || !partial.includes(field)) return [];
    if (dropsOut(field, encoder, parts)) return [];
    return [
      finding(
        pointer,
        `the ${nameOf(encoder)} sees "${field}", but the data lack it for some examples`,
        'Set "encode" to false: the output is then generated and not seen. Or use the encoder "by-field" and a posterior of experts, such as "product-of-experts", in which a missing field drops out.',
      ),
    ];
  });
};

/** Fields that a part of the encoder is for, and that it does not see. */
const unseenFindings = (parts: readonly Part[], seen: readonly string[]): Finding[] =>
  parts
    .filter(({ pointer }) => pointer === "/model/encoder")
    .flatMap((encoder) =>
      capabilitiesOf(encoder).flatMap((capability) => {
        const field = /^sees\/(.*)$/.exec(capability)?.[1];
        if (field === undefined || seen.includes(field)) return [];
        const message = `the ${nameOf(encoder)} has a network for "${field}", which the encoder does not see`;
        return [
          finding(encoder.pointer, message, `It sees "${seen.join('", "')}"; "outputs" of the model names more.`),
        ];
      }),
    );

/** What a latent stands for is not generated a second time. */
const observedFindings = (model: ResolvedSpec["model"]): Finding[] =>
  Object.entries(model.latents ?? {}).flatMap(([name, { observed }]) =>
    observed !== undefined && Object.hasOwn(model.outputs ?? {}, observed)
      ? [
          finding(
            `/model/outputs/${observed}`,
            `the latent "${name}" stands for "${observed}", and an output generates it`,
            "Keep one of the two.",
          ),
        ]
      : [],
  );

export const outputFindings = (
  model: ResolvedSpec["model"],
  parts: readonly Part[],
  data: DatasetDescription,
): Finding[] => {
  const { fields, modeled } = data;
  const plans = model.outputs ? outputPlans(model, modeled) : [];
  const unknown = plans
    .filter(({ field }) => !Object.hasOwn(fields, field))
    .map(({ field, pointer }) =>
      finding(pointer, `the data have no field ${JSON.stringify(field)}`, suggest(field, Object.keys(fields))),
    );
  const isModeled = plans.length === 0 || plans.some(({ field }) => field === modeled);
  const missing = isModeled
    ? []
    : [
        finding(
          "/model/outputs",
          `the outputs lack "${modeled}", the field that the data set is about`,
          `Add "${modeled}": {}. Pictures and sample metrics show that field.`,
        ),
      ];
  const seen = encodedOutputs(outputPlans(model, modeled), modeled);
  return [
    ...unseenFindings(parts, seen),
    ...unknown,
    ...missing,
    ...observedFindings(model),
    ...maskFindings(plans, parts, data),
  ];
};
