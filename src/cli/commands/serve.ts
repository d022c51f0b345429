/** `vaelab serve`: a trained model over HTTP. */
import type { Command } from "commander";
import { interruptible } from "../interrupt.js";
import {
  type EngineOptions,
  type TrustOptions,
  wholeNumber,
  withEngine,
  withExamples,
  withJson,
  withTrust,
} from "../options.js";
import { note, type OutputOptions, printResult } from "../output.js";
import { reported } from "../reported.js";

interface ServeOptions extends EngineOptions, OutputOptions, TrustOptions {
  port: number;
  host: string;
  queue: number;
}

const serve = async (run: string, { json, plugin: plugins, ...options }: ServeOptions): Promise<void> => {
  const { isLoopback, serveRun } = await import("../../experiments/index.js");
  await reported({ json }, (reporter) =>
    interruptible(async (signal) => {
      const { url, close } = await serveRun({ run, plugins, ...options, reporter });
      if (!isLoopback(options.host))
        note(`warning: whoever reaches ${options.host} can use this model; nothing asks for a password`);
      printResult({ json }, { type: "serving", url }, () => [`${url} serves ${run}: /docs says how. Ctrl-C ends it.`]);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await close();
    }, "answering the requests that are there, then stopping"),
  );
};

export const addServe = (program: Command): Command => {
  const command = program
    .command("serve")
    .summary("serve a run's model over HTTP")
    .description(
      "Serves /encode, /decode, /reconstruct, /sample, /score and /impute, in JSON or .npy, with /docs (OpenAPI), /health and /metrics (Prometheus). Needs the packages fastify, @fastify/swagger and prom-client.",
    )
    .argument("<run>", "run folder")
    .option("--port <n>", "port; 0 takes a free one", wholeNumber(0, 65_535), 8080)
    .option(
      "--host <address>",
      "address to listen on; others than the loopback interface are open to whoever reaches them",
      "127.0.0.1",
    )
    .option("--queue <n>", "rows that may wait; beyond, requests are refused with 503", wholeNumber(1), 20_000)
    .action(serve);
  return withExamples(
    withJson(withTrust(withEngine(command))),
    "vaelab serve runs/my-1a2b3c4d --port 8080",
    "curl -d '{\"count\": 3}' -H 'content-type: application/json' localhost:8080/sample",
  );
};
