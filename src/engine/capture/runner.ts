/** Runs programs as native graphs, or eagerly if capture fails, with the same numbers. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { HostTensors, Program, ProgramRunner, RunningProgram } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { eagerRunner } from "../eager.js";
import type { Engine } from "../engine.js";
import { startFlat } from "../flat-program.js";
import { nativeBackend } from "../native/backend.js";
import { sessionAddon } from "../native/session-addon.js";
import { CapturedProgram } from "./captured-program.js";
import { replaceGather } from "./gather.js";

export type CaptureMode = "auto" | "require" | "never";
export const CAPTURE_MODES: readonly CaptureMode[] = ["auto", "require", "never"];

export interface CaptureOptions {
  /**
   * If a program cannot be captured, "auto" runs it eagerly with a warning and "require" throws. "never" captures nothing.
   */
  mode?: CaptureMode;
  /** Receives, once per program, why it runs eagerly. */
  warn?: (message: string) => void;
}

/** Captured until a part of it cannot be, eager from then on. */
class CapturedIfPossible implements RunningProgram {
  private running: RunningProgram;

  constructor(
    captured: CapturedProgram,
    private readonly program: Program,
    private readonly eager: ProgramRunner,
    private readonly warn: (message: string) => void,
  ) {
    this.running = captured;
  }

  get mode(): RunningProgram["mode"] {
    return this.running.mode;
  }

  call(inputs: HostTensors, variant?: string): HostTensors {
    try {
      return this.running.call(inputs, variant);
    } catch (error) {
      if (!(error instanceof VaelabError) || error.code !== "CAPTURE" || this.mode === "eager") throw error;
      this.warn(
        `"${this.program.name}" could not be captured and runs eagerly, several times slower: ${error.message}`,
      );
      const captured = this.running;
      this.running = this.eager.start({ ...this.program, initialState: captured.readState() });
      captured.dispose();
      return this.running.call(inputs, variant);
    }
  }

  readState(): HostTensors {
    return this.running.readState();
  }

  writeState(state: HostTensors): void {
    this.running.writeState(state);
  }

  dispose(): void {
    this.running.dispose();
  }
}

/** @throws CAPTURE in the mode "require" where the engine has no graphs. */
export const capturedRunner = (engine: Engine, { mode = "auto", warn }: CaptureOptions = {}): ProgramRunner => {
  const build = engine.build === undefined ? "" : `, build ${engine.build}`;
  const on = `${engine.name} ${engine.version}${build}, threads ${engine.threads}`;
  const eager = eagerRunner(engine.noise, `${on}, eager`);
  if (mode === "never") return eager;
  if (engine.name !== "native") {
    if (mode === "auto") return eager;
    throw new VaelabError("CAPTURE", {
      message: `the ${engine.name} engine cannot capture`,
      remedy: 'Use the native engine, or set capture to "auto"',
    });
  }
  replaceGather(engine.tf);
  const require = createRequire(join(engine.folder, "package.json"));
  const addon = sessionAddon(engine.folder, require);
  const { tf, noise: kernels, threads } = engine;
  const tools = { backend: nativeBackend(tf), kernels, threads, require, ...(addon && { addon }) };
  return {
    identity: `${on}, captured`,
    start: (program) =>
      startFlat(program, (flat) => {
        const captured = new CapturedProgram(flat, tools);
        return mode === "require" ? captured : new CapturedIfPossible(captured, flat, eager, warn ?? console.warn);
      }),
  };
};
