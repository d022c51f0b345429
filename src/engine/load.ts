/**
 * Loads a tensor backend and makes it the `tf` of src/tensor/tensor.ts.
 *
 *     native   TensorFlow's C library through tfjs-node's binding    fastest; `vaelab engine install`
 *     wasm     npm alone, one thread
 *     cpu      plain JavaScript: the reference that the others are compared with
 *
 * All backends of a process hang on one tfjs-core, taken from one home (CommonJS throughout: an ESM import would be a second
 * copy). So engines can be switched within a process, as tests do that compare them. Nothing heavy is imported before a call.
 */
import { describeProblem, firstLine, type Problem, VaelabError } from "../errors.js";
import { withMendedOperations } from "../tensor/missing-gradients.js";
import { useTensorLibrary } from "../tensor/tensor.js";
import type { Home } from "./candidates.js";
import type { Engine, EngineChoice, EngineName } from "./engine.js";
import { DEFAULT_THREADS, MOST_THREADS } from "./threads.js";

export interface EngineOptions {
  /**
   * Native only. Default: the count TensorFlow already runs with, else TF_NUM_INTRAOP_THREADS, else 2; never the number of
   * cores.
   */
  threads?: number;
}

/** A step of a 784-400-20 VAE, batch 128, on two cores: 4.8 ms on native, 62 on wasm, 1,036 on cpu. */
const COST = { wasm: "about 12 times", cpu: "about 200 times" } as const;

/** Engines by choice. The first home that worked stays, and so does the thread count of a running TensorFlow. */
const loaded: { engines: Map<EngineChoice, Engine>; home?: Home; threads?: number } = { engines: new Map() };

const nativeThreads = ({ threads }: EngineOptions): number => {
  const wanted = threads ?? loaded.threads ?? Number(process.env.TF_NUM_INTRAOP_THREADS || DEFAULT_THREADS);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_THREADS)
    throw new VaelabError("USAGE", {
      message: `invalid thread count: ${wanted}`,
      remedy: `Give a whole number from 1 to ${MOST_THREADS}`,
    });
  if (loaded.threads !== undefined && wanted !== loaded.threads)
    throw new VaelabError("ENGINE", {
      message: `TensorFlow runs with a thread count of ${loaded.threads} in this process, which cannot become ${wanted}`,
      remedy: "Start another process",
    });
  return wanted;
};

const load = async (name: EngineName, home: Home, options: EngineOptions): Promise<Engine> => {
  const backends = await import("./backends.js");
  const threads = name === "native" ? nativeThreads(options) : 1;
  const backend = await backends.load(name, home, threads);
  if (name === "native") loaded.threads = threads;
  loaded.home = home;
  return { name, ...backend, threads, folder: home.folder };
};

/** Tries the homes that may provide an engine, in turn, or returns why none does. */
const tryLoad = async (name: EngineName, options: EngineOptions): Promise<Engine | Problem> => {
  const { findNative, INSTALL_COMMAND, ownHome } = await import("./candidates.js");
  const { homes: nativeHomes, problem: missing } = findNative();
  // Loads other engines from a home with native too, so that this process can still switch to it.
  const homes = name === "native" ? nativeHomes : [...nativeHomes, ownHome()];
  const { home: settled } = loaded;
  let problem: Problem = missing ?? { message: `this process already uses the packages in ${settled?.folder}` };
  for (const home of homes) {
    if (settled && settled.folder !== home.folder) continue;
    try {
      return await load(name, home, options);
    } catch (error) {
      if (error instanceof VaelabError) throw error;
      problem = {
        message: `the ${name} engine in ${home.folder} does not load: ${firstLine(error)}`,
        remedy: name === "native" ? `Run: ${INSTALL_COMMAND} --force` : "Install vaelab again",
      };
    }
  }
  return problem;
};

const isEngine = (result: Engine | Problem): result is Engine => "tf" in result;

const loadOne = async (name: EngineName, options: EngineOptions): Promise<Engine> => {
  const result = await tryLoad(name, options);
  if (isEngine(result)) return result;
  throw new VaelabError("ENGINE", result);
};

const loadBest = async (options: EngineOptions): Promise<Engine> => {
  const problems: Problem[] = [];
  for (const name of ["native", "wasm", "cpu"] as const) {
    const result = loaded.engines.get(name) ?? (await tryLoad(name, options));
    if (!isEngine(result)) {
      problems.push(result);
      continue;
    }
    loaded.engines.set(name, result);
    if (name === "native") return result;
    const reasons = problems.map(describeProblem).join("; ");
    return { ...result, why: `a step on ${name} takes ${COST[name]} as long as on native: ${reasons}` };
  }
  throw new VaelabError("ENGINE", problems);
};

/** Loads (once a process) and switches to an engine; `auto` takes the best that works. Throws ENGINE when it cannot. */
export const loadEngine = async (choice: EngineChoice = "auto", options: EngineOptions = {}): Promise<Engine> => {
  const known = loaded.engines.get(choice);
  if (known?.name === "native") nativeThreads(options);
  const engine = known ?? (choice === "auto" ? await loadBest(options) : await loadOne(choice, options));
  const { activate } = await import("./backends.js");
  await activate(engine.name, engine.tf);
  useTensorLibrary(withMendedOperations(engine.tf));
  loaded.engines.set(choice, engine);
  return engine;
};
