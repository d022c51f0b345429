/**
 * Loads a tensor backend and makes it the `tf` of src/core/tensor.ts.
 *
 *     native   TensorFlow's C library through tfjs-node's binding    fastest; `vaelab engine install`
 *     wasm     npm alone, one thread
 *     cpu      plain JavaScript: the reference that the others are compared with
 *
 * All backends of a process hang on one tfjs-core, taken from one home (CommonJS throughout: an ESM import would be a second
 * copy). So engines can be switched within a process, as tests do that compare them. Nothing heavy is imported before a call.
 */
import util from "node:util";
import { VaelabError } from "../core/errors.js";
import type { NoiseKernels } from "../core/noise.js";
import { type TensorLibrary, useTensorLibrary } from "../core/tensor.js";
import { findNative, type Home, INSTALL_COMMAND, ownHome } from "./candidates.js";
import { quietly } from "./native/quiet.js";

export type EngineName = "native" | "wasm" | "cpu";
export type EngineChoice = "auto" | EngineName;
export const ENGINE_CHOICES: readonly EngineChoice[] = ["auto", "native", "wasm", "cpu"];

export interface Engine {
  name: EngineName;
  tf: TensorLibrary;
  /** TensorFlow's version on native, tfjs's elsewhere. */
  version: string;
  /** Threads within an op. Results are bit-identical at one count only, so it is fixed and recorded. */
  threads: number;
  /** Why not a better engine, and the command that mends it, in one line. */
  why?: string;
  noise: NoiseKernels;
}

export interface EngineOptions {
  /** Default: TF_NUM_INTRAOP_THREADS, else 2; never the machine's core count. */
  threads?: number;
}

const DEFAULT_THREADS = 2;
const BACKEND = { native: "tensorflow", wasm: "wasm", cpu: "cpu" } as const;

/** What this process has loaded so far. A TensorFlow that runs keeps its thread count until the process ends. */
const loaded: { home?: Home; nativeThreads?: number; engines: Map<EngineName, Engine> } = { engines: new Map() };

const threadsFor = (options: EngineOptions): number => {
  const threads =
    options.threads ?? loaded.nativeThreads ?? Number(process.env.TF_NUM_INTRAOP_THREADS ?? DEFAULT_THREADS);
  if (!Number.isInteger(threads) || threads < 1)
    throw new VaelabError("USAGE", {
      message: `${threads} is no thread count`,
      remedy: "Give a whole number, 1 or more",
    });
  if (loaded.nativeThreads !== undefined && threads !== loaded.nativeThreads)
    throw new VaelabError("ENGINE", {
      message: `TensorFlow runs with ${loaded.nativeThreads} threads in this process and cannot change to ${threads}`,
      remedy: "Start another process",
    });
  return threads;
};

const coreOf = (home: Home): TensorLibrary => {
  const tf = home.require("@tensorflow/tfjs-core") as TensorLibrary;
  // Silences tfjs's advertisement of tfjs-node; "prod mode" has no other effect.
  tf.enableProdMode();
  return tf;
};

/** tfjs-core's CommonJS build leaves the gradients to the union package, which is 141 MB: take them alone. */
const registerGradients = async (tf: TensorLibrary): Promise<void> => {
  if (!tf.getGradient("Relu")) await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
  const { registerMissingGradients } = await import("../core/gradients.js");
  registerMissingGradients(tf);
};

const activate = async (name: EngineName, tf: TensorLibrary): Promise<void> => {
  if (tf.getBackend() !== BACKEND[name] && !(await tf.setBackend(BACKEND[name])))
    throw new VaelabError("ENGINE", { message: `tfjs could not start its ${name} backend` });
  useTensorLibrary(tf);
};

const loadNative = async (home: Home, threads: number): Promise<Engine> => {
  process.env.TF_CPP_MIN_LOG_LEVEL = "3";
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = String(threads);
  // tfjs-node 4.22 calls it; Node 23 took it away.
  util.isNullOrUndefined ??= (value: unknown): value is null | undefined => value === null || value === undefined;
  const tf = coreOf(home);
  quietly(home, () => home.require("@tensorflow/tfjs-node"));
  loaded.nativeThreads = threads;
  await registerGradients(tf);
  const [{ nativeBackend }, { nativeNoise }] = await Promise.all([
    import("./native/backend.js"),
    import("./noise/native.js"),
  ]);
  return { name: "native", tf, version: nativeBackend(tf).binding.TF_Version, threads, noise: nativeNoise };
};

const loadPortable = async (name: "wasm" | "cpu", home: Home): Promise<Engine> => {
  const tf = coreOf(home);
  if (name === "cpu") home.require("@tensorflow/tfjs-backend-cpu");
  else {
    const { setUpWasm } = await import("./wasm.js");
    setUpWasm(home);
  }
  await registerGradients(tf);
  const { portableNoise } = await import("./noise/portable.js");
  return { name, tf, version: tf.version_core, threads: 1, noise: portableNoise };
};

const firstLine = (error: unknown): string => String((error as Error)?.message ?? error).split("\n")[0]!;

/** The native engine of the first home where it loads; else a line that says why none does. */
const tryNative = async (threads: number): Promise<Engine | string> => {
  const { homes, problem } = findNative();
  let why = problem;
  for (const home of loaded.home ? homes.filter(({ folder }) => folder === loaded.home?.folder) : homes) {
    try {
      const engine = await loadNative(home, threads);
      loaded.home = home;
      return engine;
    } catch (error) {
      why = `the native engine in ${home.folder} does not load: ${firstLine(error)}. Run: ${INSTALL_COMMAND} --force`;
    }
  }
  return why ?? `this process already uses the packages of ${loaded.home?.folder}. Load native first`;
};

const loadFresh = async (choice: EngineChoice, options: EngineOptions): Promise<Engine> => {
  const threads = threadsFor(options);
  if (choice === "wasm" || choice === "cpu") {
    // A home that could carry native too, so that this process can switch to it later.
    loaded.home ??= findNative().homes[0] ?? ownHome();
    return loadPortable(choice, loaded.home);
  }
  const native = await tryNative(threads);
  if (typeof native === "object") return native;
  if (choice === "native") {
    const [message, remedy] = native.split(/\. (?=Run: )/);
    throw new VaelabError("ENGINE", { message: message!, ...(remedy ? { remedy } : {}) });
  }
  loaded.home ??= ownHome();
  try {
    return { ...(await loadPortable("wasm", loaded.home)), why: native };
  } catch (error) {
    const why = `${native}; wasm does not load either: ${firstLine(error)}`;
    return { ...(await loadPortable("cpu", loaded.home)), why };
  }
};

/** Loads (once a process) and switches to an engine; `auto` takes the best that works. Throws ENGINE when it cannot. */
export const loadEngine = async (choice: EngineChoice = "auto", options: EngineOptions = {}): Promise<Engine> => {
  const known = loaded.engines.get(choice === "auto" ? "native" : choice);
  if (known?.name === "native") threadsFor(options);
  const engine = known ?? (await loadFresh(choice, options));
  loaded.engines.set(engine.name, engine);
  await activate(engine.name, engine.tf);
  return engine;
};
