/** The paths of the server. */
import type { FastifyInstance } from "fastify";
import { VaelabError } from "../../errors.js";
import type { OpenedModel } from "../use/open-run.js";
import type { ValueArrays } from "../use/opened-run.js";
import { inJson, inNpy, NPY } from "./answers.js";
import type { ServerFigures } from "./figures.js";
import { type Asked, type Prepared, prepareAsked } from "./model-work.js";
import { CALLS, MOST_ROWS } from "./schemas.js";
import type { WorkQueue } from "./work-queue.js";

const QUERY = {
  type: "object",
  additionalProperties: false,
  properties: { array: { type: "string", description: `Array to answer with, of an answer in ${NPY}` } },
} as const;

const assertFits = (rows: number): void => {
  if (rows <= MOST_ROWS) return;
  throw new VaelabError("USAGE", {
    where: "examples",
    message: `there are ${rows} rows in one request`,
    remedy: `Send at most ${MOST_ROWS} at a time.`,
  });
};

/** @param shares whether requests for codes may share a call */
export const addCalls = (
  app: FastifyInstance,
  model: OpenedModel,
  queue: WorkQueue<Prepared, ValueArrays | ValueArrays[]>,
  shares: boolean,
): void => {
  const kindOf = ({ call }: Asked): string | undefined =>
    shares && (call === "encode" || call === "reconstruct") ? call : undefined;
  for (const [call, { summary, body: schema }] of Object.entries(CALLS))
    app.post<{ Body: Omit<Asked, "call"> & { rows?: boolean }; Querystring: { array?: string } }>(
      `/${call}`,
      { schema: { summary, body: schema, querystring: QUERY } },
      async (request, reply) => {
        const { rows = false, ...body } = request.body;
        const asked = prepareAsked(model, { ...body, call: call as Asked["call"] });
        assertFits(asked.rows);
        const found = await queue.add(kindOf(asked), asked.rows, asked);
        const shown = (arrays: ValueArrays): object => (rows ? model.rows(arrays) : inJson(arrays));
        if (!request.headers.accept?.includes(NPY)) return Array.isArray(found) ? found.map(shown) : shown(found);
        reply.type(NPY);
        return inNpy(Array.isArray(found) ? found[0]! : found, request.query.array);
      },
    );
};

export const addPages = (
  app: FastifyInstance & { swagger(): object },
  { fields, modeled, outputs, latents, conditions }: OpenedModel,
  { registry }: ServerFigures,
): void => {
  const model = { fields, modeled, outputs, latents, conditions };
  app.get("/health", { schema: { summary: "The model that is served" } }, async () => ({ status: "ok", ...model }));
  app.get("/metrics", { schema: { summary: "Figures of the server for Prometheus" } }, async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
  app.get("/docs", { schema: { summary: "This interface as OpenAPI" } }, async () => app.swagger());
};
