/**
 * The requests of a server as calls of an opened model. Encoding and reconstruction draw no noise where `drawsNoNoise` says so; the
 * requests of several clients then share a call. All else is called for each request alone, so that a seed gives the same bytes
 * whoever else asks.
 */
import { isDeepStrictEqual } from "node:util";
import { sizeOf } from "../../tensor/fields.js";
import type { Examples } from "../use/examples.js";
import type { Numbers } from "../use/numbers.js";
import { conditionsIn, type OpenedModel } from "../use/open-run.js";
import type { ValueArray, ValueArrays } from "../use/opened-run.js";
import { joinExamples, splitArrays } from "./joined-examples.js";

export interface Asked {
  call: "encode" | "reconstruct" | "score" | "impute" | "decode" | "sample";
  examples?: Examples;
  codes?: Numbers;
  count?: number;
  conditions?: Readonly<Record<string, Numbers>>;
  samples?: number;
  draws?: number;
  means?: boolean;
  seed?: number;
}
export interface Prepared extends Asked {
  rows: number;
  prepared?: ReturnType<OpenedModel["prepare"]>;
}

/** Reads the examples of a request. @throws USAGE */
export const prepareAsked = (model: OpenedModel, asked: Asked): Prepared => {
  if (asked.examples === undefined) return { ...asked, rows: asked.count ?? 1 };
  const prepared = model.prepare(asked.examples);
  return { ...asked, prepared, rows: prepared.count };
};

const PROBES = 3;
/** Whether codes of an example are the same whatever the seed: tried, because parts of plugins do not say. */
export const drawsNoNoise = async (model: OpenedModel): Promise<boolean> => {
  const { shape } = model.fields[model.modeled]!;
  const examples = { shape: [1, ...shape], data: new Float32Array(sizeOf(shape)).fill(Number.NaN) };
  try {
    const prepared = model.prepare(examples);
    const codes: ValueArrays[] = [];
    for (let seed = 0; seed < PROBES; seed++) codes.push(await model.calls.encode(prepared, { seed }));
    return codes.every((each) => isDeepStrictEqual(each, codes[0]));
  } catch {
    // A model that needs more than the modeled field is asked one request at a time.
    return false;
  }
};

const arraysOf = (scores: object): ValueArrays =>
  Object.fromEntries(
    Object.entries(scores).map(([name, data]: [string, Float32Array]): [string, ValueArray] => [
      name,
      { shape: [data.length], data },
    ]),
  );

const alone = async (model: OpenedModel, asked: Prepared): Promise<ValueArrays | ValueArrays[]> => {
  const { call, examples, codes, count = 1, samples, draws, means, conditions, seed } = asked;
  const own = { ...(seed !== undefined && { seed }), ...(samples !== undefined && { samples }) };
  if (call === "score") return arraysOf(await model.score(examples!, own));
  if (call === "impute") return model.impute(examples!, { ...own, ...(draws !== undefined && { draws }) });
  const under = { ...own, ...(conditions && { conditions }) };
  if (call === "decode") return model.decode(codes!, under);
  if (call === "sample") return model.sample(count, { ...under, ...(means !== undefined && { means }) });
  return call === "encode" ? model.encode(examples!, own) : model.reconstruct(examples!, own);
};

/** Does requests of one kind, in one call where there are several. */
export const performAsked = async (
  model: OpenedModel,
  requests: readonly Prepared[],
): Promise<readonly (ValueArrays | ValueArrays[])[]> => {
  const [first] = requests as readonly [Prepared];
  if (requests.length === 1) return [await alone(model, first)];
  const examples = joinExamples(requests.map(({ prepared }) => prepared!));
  const { calls, loaded } = model;
  const whole =
    first.call === "encode"
      ? await calls.encode(examples, {})
      : await calls.decode(await calls.codes(examples, {}), conditionsIn(loaded.trained.model, examples), {});
  return splitArrays(
    whole,
    requests.map(({ rows }) => rows),
  );
};
