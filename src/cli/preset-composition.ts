/**
 * What a preset is composed of, in one line, from the spec as it is written: networks and latents in the order of a step, then the loss and
 * the training, with the fields that are written.
 *
 *     mlp(hidden 500, activation tanh) → z[20]: diagonal-gaussian ‖ gaussian → mlp → bernoulli; elbo; batches of 100, adam
 */
import { isObject, isText } from "../storage/json.js";

type Fields = Readonly<Record<string, unknown>>;

/** The same text several times in a row, once: "planar × 10". */
const collapsed = (texts: readonly string[]): string => {
  const runs: { text: string; count: number }[] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text} × ${count}`)).join(", ");
};
const number = (value: number): string => String(Number(value.toPrecision(4)));

const valueText = (value: unknown): string => {
  if (typeof value === "number") return number(value);
  if (Array.isArray(value) && value.length === 0) return "none";
  if (Array.isArray(value))
    return value.every((each) => typeof each === "number")
      ? value.map(number).join("-")
      : collapsed(value.map((each) => (isObject(each) && "layers" in each ? String(each.type) : valueText(each))));
  if (!isObject(value)) return String(value);
  const { type, ...fields } = value;
  if (type === "constant") return valueText(fields.value);
  const inner = fieldsText(fields);
  if (type === undefined) return `(${inner})`;
  return inner === "" ? String(type) : `${type}(${inner})`;
};
const fieldsText = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) =>
      value === true ? name : name === "layers" ? valueText(value) : `${name} ${valueText(value)}`,
    )
    .join(", ");

/** @param written a spec before defaults, its `extends` followed */
export const composition = (written: Fields): string => {
  const { model, objective = "elbo", regularizers = [], training } = written as Record<string, Fields>;
  const { encoder, decoder, likelihood, heads } = model as Fields;
  const parts = [
    ...(encoder === undefined ? [] : [valueText(encoder)]),
    latentsText(model as Fields),
    valueText(decoder ?? "mirrored"),
    valueText(likelihood ?? "bernoulli"),
  ].join(" → ");
  const penalties = (regularizers as unknown as unknown[]).map((each) => valueText(each));
  const loss = [valueText(objective), ...penalties].join(" + ");
  const headed = Array.isArray(heads) ? [heads.map((head) => valueText(head)).join(", ")] : [];
  const { batchSize, optimizer } = (training ?? {}) as Fields;
  const trained = [
    ...(batchSize === undefined ? [] : [`batches of ${batchSize}`]),
    ...(optimizer === undefined ? [] : [valueText(optimizer)]),
  ].join(", ");
  return [parts, ...headed, loss, trained].filter((each) => each !== "").join("; ");
};

/** "z1[64 of x, z2]: diagonal-gaussian ‖ gaussian given z2": the posterior and, after ‖, the prior of each latent. */
const latentsText = (model: Fields): string => {
  const latents = isObject(model.latents)
    ? model.latents
    : { z: { size: model.latent, posterior: model.posterior, prior: model.prior } };
  return Object.entries(latents as Record<string, Fields>)
    .map(([name, { size, shape, inferredFrom, generatedFrom, posterior, prior, observed, encoder, enumerate }]) => {
      const isLabel = observed !== undefined;
      const q = posterior ?? (isLabel ? "categorical" : "diagonal-gaussian");
      const p = prior ?? (isLabel ? "categorical" : "gaussian");
      const from = Array.isArray(inferredFrom) ? ` of ${inferredFrom.filter(isText).join(", ")}` : "";
      const given = Array.isArray(generatedFrom) ? ` given ${generatedFrom.filter(isText).join(", ")}` : "";
      const through = encoder === undefined ? "" : `${valueText(encoder)} → `;
      const extent = isLabel ? `the ${observed}` : valueText(size ?? shape).replaceAll("-", " × ");
      const site = `${name}[${extent}${from}]: ${through}${valueText(q)}`;
      return `${site} ‖ ${valueText(p)}${given}${enumerate ? ", summed over" : ""}`;
    })
    .join("; ");
};
