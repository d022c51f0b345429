/** `vaelab engine install|path|remove`: the native engine in its per-user folder. */
import type { Command } from "commander";
import type { InstallPhase } from "../../engine/native/install.js";
import { VaelabError } from "../../errors.js";
import type { ProgressEvent } from "../../experiments/runs/reporter.js";
import { withExamples, withJson } from "../options.js";
import { type OutputOptions, printResult } from "../output.js";

const PHASES: Readonly<Record<InstallPhase, string>> = {
  wait: "waiting for another installation",
  packages: "downloading packages",
  download: "downloading TensorFlow",
  verify: "checking its SHA-256",
  unpack: "unpacking",
  strip: "stripping symbols",
  compile: "compiling the binding",
  prove: "testing it with a small computation",
};
const MEBIBYTE = 2 ** 20;

/** Reports installation phases as events: downloads as a bar in MiB, other steps as a line when they start. */
const eventOf = (phase: InstallPhase, done: number, total: number): ProgressEvent | undefined => {
  const name = PHASES[phase];
  if (total > 1)
    return {
      type: "progress",
      name,
      done: Math.round(done / MEBIBYTE),
      total: Math.round(total / MEBIBYTE),
      unit: "MiB",
    };
  return done === 0 ? { type: "phase", name } : undefined;
};

const install = async ({ force, json }: OutputOptions & { force?: boolean }): Promise<void> => {
  const [{ installNative }, { createReporter, duration }] = await Promise.all([
    import("../../engine/native/install.js"),
    import("../progress.js"),
  ]);
  const reporter = await createReporter({ json });
  const started = performance.now();
  let latest: InstallPhase | undefined;
  try {
    const { folder, manifest, built } = await installNative({
      force: force ?? false,
      progress: (phase, done, total) => {
        // Bars print nothing for quick phases in a pipe, so the phase name is always a line.
        if (phase !== latest && total > 1) reporter.event({ type: "phase", name: PHASES[phase] });
        latest = phase;
        const event = eventOf(phase, done, total);
        if (event) reporter.event(event);
      },
    });
    reporter.close();
    const seconds = (performance.now() - started) / 1000;
    printResult({ json }, { type: "engine", folder, built, tensorflow: manifest.tensorflow, seconds }, () =>
      built
        ? `TensorFlow ${manifest.tensorflow} is installed in ${folder} (${duration(seconds)})`
        : `TensorFlow ${manifest.tensorflow} is already installed in ${folder}`,
    );
  } finally {
    reporter.close();
  }
};

const path = async ({ json }: OutputOptions): Promise<void> => {
  const [{ engineFolder }, { readManifest }] = await Promise.all([
    import("../../engine/folders.js"),
    import("../../engine/native/manifest.js"),
  ]);
  const folder = engineFolder();
  const manifest = readManifest(folder);
  if (typeof manifest !== "object") {
    const message = manifest ? `the native engine is damaged: ${manifest}` : "the native engine is not installed";
    throw new VaelabError("ENGINE", { message, where: folder, remedy: "Run: vaelab engine install" });
  }
  printResult({ json }, { type: "engine", folder, tensorflow: manifest.tensorflow }, () => folder);
};

const remove = async ({ json }: OutputOptions): Promise<void> => {
  const [{ engineRoot }, { removeNative }] = await Promise.all([
    import("../../engine/folders.js"),
    import("../../engine/native/remove.js"),
  ]);
  const folder = engineRoot();
  const removed = await removeNative();
  printResult({ json }, { type: "engine", folder, removed }, () =>
    removed.length ? `removed from ${folder}: ${removed.join(", ")}` : `${folder} holds no engine`,
  );
};

export const addEngine = (program: Command): Command => {
  const engine = program
    .command("engine")
    .helpCommand(false)
    .summary("install, locate or remove the native engine")
    .description(
      "Manages the native engine: TensorFlow's own library behind the same TypeScript, several times faster than WebAssembly. It is installed in a per-user cache folder; VAELAB_ENGINE_DIR overrides the location.",
    );
  withJson(
    engine
      .command("install")
      .description("download TensorFlow, compile its binding and test it")
      .option("--force", "rebuild an engine that is already installed"),
  ).action(install);
  withJson(engine.command("path").description("print the engine's folder; exit with 1 if there is none")).action(path);
  withJson(engine.command("remove").description("delete the engine and its downloads")).action(remove);
  return withExamples(engine, "vaelab engine install", "vaelab engine path");
};
