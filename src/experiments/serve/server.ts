/**
 * A trained model as a server: encode, decode, reconstruct, sample, score and impute over HTTP, in JSON or .npy, described at /docs,
 * watched at /health and /metrics. Nothing authenticates a client, so it listens on the loopback interface unless told otherwise.
 */
import type { FastifyRequest } from "fastify";
import { reasonOf, VaelabError } from "../../errors.js";
import { withoutExamples } from "../explore/without-examples.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { type OpenedModel, type OpenRunOptions, openLoaded } from "../use/open-run.js";
import type { ValueArrays } from "../use/opened-run.js";
import { failureOf, fromNpy, NPY } from "./answers.js";
import { serverFigures } from "./figures.js";
import { serverLibraries } from "./libraries.js";
import { drawsNoNoise, type Prepared, performAsked } from "./model-work.js";
import { addCalls, addPages } from "./routes.js";
import { LARGEST_BODY } from "./schemas.js";
import { WorkQueue } from "./work-queue.js";

export interface ServeOptions extends OpenRunOptions {
  run: string;
  port?: number;
  host?: string;
  /** Rows that may wait before requests are refused with 503. */
  queue?: number;
  /** Bytes of a body. */
  bodyLimit?: number;
  signal?: AbortSignal;
}
export interface Serving {
  url: string;
  /** Refuses new requests, answers those that it has, and releases the model. */
  close(): Promise<void>;
}

const DEFAULTS = { port: 8080, host: "127.0.0.1", queue: 20_000, bodyLimit: LARGEST_BODY } as const;
/** Rows of one captured call. */
const TOGETHER = 2000;
const REQUEST_MILLISECONDS = 120_000;

const LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]"];
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host);
/** "localhost" of "localhost:8080". */
const nameOf = (host: string): string => host.replace(/:\d+$/, "");

const application = async (model: OpenedModel, options: ServeOptions & typeof DEFAULTS) => {
  const { fastify, swagger, prometheus } = await serverLibraries();
  const app = fastify({
    bodyLimit: options.bodyLimit,
    requestTimeout: REQUEST_MILLISECONDS,
    forceCloseConnections: "idle",
    // An array that is no array is wrong, not to be wrapped in one.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  const figures = serverFigures(prometheus, () => queue.waitingRows);
  const queue = new WorkQueue<Prepared, ValueArrays | ValueArrays[]>({
    limit: options.queue,
    together: TOGETHER,
    perform: (works) => performAsked(model, works),
    observe: (rows) => figures.batchRows.observe(rows),
  });
  await app.register(swagger, { openapi: { info: { title: "vaelab", version: "1" } } });
  // A page of another site may post plain text without being asked whether it may.
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(NPY, { parseAs: "buffer" }, async (request: FastifyRequest, bytes: Buffer) => ({
    [request.routeOptions.url === "/decode" ? "codes" : "examples"]: fromNpy(bytes),
  }));
  app.addHook("onRequest", async (request) => {
    // A page of another site could reach the loopback interface under a name of its own.
    if (isLoopback(options.host) && !isLoopback(nameOf(request.headers.host ?? "")))
      throw Object.assign(new Error("this server answers on the loopback interface alone"), { statusCode: 403 });
  });
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  // A connection that is kept alive would keep the server from closing.
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    figures.seconds.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = failureOf(error);
    if (status === 500) options.reporter?.event({ type: "warning", message: `a request failed: ${reasonOf(error)}` });
    if (status === 503) reply.header("retry-after", "1");
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: "there is no such path; /docs describes those that there are" }),
  );
  addCalls(app, model, queue, await drawsNoNoise(model));
  addPages(app, model, figures);
  return app;
};

/** @throws USAGE without the server's libraries or where the port is taken; what `openRun` throws */
export const serveRun = async (
  { run, reporter, signal, ...given }: ServeOptions,
  scope: Scope = standardScope(),
): Promise<Serving> => {
  const options = { ...DEFAULTS, ...given, run, ...(reporter && { reporter }) } as ServeOptions & typeof DEFAULTS;
  const { engine, threads, plugins, dataFolder } = given;
  const loading = {
    run,
    ...(engine && { engine }),
    ...(threads && { threads }),
    ...(plugins && { plugins }),
    ...(dataFolder && { dataFolder }),
  };
  return withoutExamples(loading, reportingTo(scope, reporter), async (loaded) => {
    const model = openLoaded(loaded);
    try {
      const app = await application(model, options);
      const url = await app.listen({ port: options.port, host: options.host });
      const close = async (): Promise<void> => {
        await app.close();
        model.close();
      };
      signal?.addEventListener("abort", () => void close(), { once: true });
      return { url, close };
    } catch (error) {
      model.close();
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "EADDRNOTAVAIL") throw error;
      throw new VaelabError("USAGE", {
        where: `${options.host}:${options.port}`,
        message: code === "EADDRINUSE" ? "the port is in use" : "the address cannot be used",
        remedy: "Name another: --port N, --host ADDRESS",
      });
    }
  });
};
