import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stream } from "../../src/numerics/streams.js";
import {
  type CheckpointContents,
  checkpointSteps,
  cleanRunFolder,
  readCheckpoint,
  writeCheckpoint,
} from "../../src/storage/checkpoint.js";
import { errorOf } from "../support/error-of.js";

const newRun = (): string => mkdtempSync(join(tmpdir(), "vaelab-checkpoint-"));
const contents = (step: number): CheckpointContents => ({
  model: { "encoder/weights": { shape: [2, 3], data: new Float32Array(6).fill(step) } },
  optimizer: { "adam/t": { shape: [], data: Int32Array.of(step) } },
  state: { step, historyOffset: 10 * step },
});
const files = ["MANIFEST.json", "model.safetensors", "optimizer.safetensors", "state.json"];
const damage = (path: string, position: number, flip = 1): void => {
  const bytes = readFileSync(path);
  bytes[position]! ^= flip;
  writeFileSync(path, bytes);
};
const fail = (message: string): never => {
  throw new Error(message);
};

describe("checkpoints", () => {
  it("come back as they were written, with equal hashes for equal contents", () => {
    const [a, b] = [newRun(), newRun()];
    const sha256 = writeCheckpoint(a, 7, contents(7));
    expect(readCheckpoint(a, "latest", fail)).toEqual({ step: 7, ...contents(7), sha256 });
    expect(readCheckpoint(a, 7, fail).step).toBe(7);
    expect(writeCheckpoint(b, 7, contents(7), "best")).toBe(sha256);
    expect(writeCheckpoint(b, 8, contents(7))).not.toBe(sha256);
    expect(readdirSync(join(a, "checkpoints", "step-7")).sort()).toEqual(files);
  });

  it("are kept when they are the latest, the one before, or the best", () => {
    const run = newRun();
    for (const step of [1, 2, 3, 4, 5]) writeCheckpoint(run, step, contents(step), step === 2 ? "best" : undefined);
    expect(checkpointSteps(run)).toEqual([5, 4, 2]);
    expect(readCheckpoint(run, "best", fail).state).toEqual(contents(2).state);
    expect(readdirSync(join(run, "checkpoints")).sort()).toEqual(["BEST", "LATEST", "step-2", "step-4", "step-5"]);
  });

  it("are replaced whole when a resumed run comes by again, and the future of before is forgotten", () => {
    const run = newRun();
    for (const step of [10, 20, 30]) writeCheckpoint(run, step, contents(step));
    writeCheckpoint(run, 20, { ...contents(20), state: { second: true } });
    expect(readCheckpoint(run, "latest", fail).state).toEqual({ second: true });
    expect(checkpointSteps(run)).toEqual([20]);
  });

  it("that are damaged do not count as the one before", () => {
    const run = newRun();
    for (const step of [1, 2]) writeCheckpoint(run, step, contents(step));
    damage(join(run, "checkpoints/step-2/state.json"), 3);
    writeCheckpoint(run, 3, contents(3));
    expect(checkpointSteps(run)).toEqual([3, 1]);
  });

  it("that are damaged in any byte are skipped, with a warning, for the one before", () => {
    const pristine = newRun();
    for (const step of [1, 2]) writeCheckpoint(pristine, step, contents(step), "best");
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 1, max: 255 }), (file, where, flip) => {
        const run = newRun();
        cpSync(pristine, run, { recursive: true });
        const path = join(run, "checkpoints/step-2", file);
        damage(path, where % readFileSync(path).length, flip);
        const warnings: string[] = [];
        expect(readCheckpoint(run, "latest", (warning) => warnings.push(warning))).toMatchObject({
          step: 1,
          ...contents(1),
        });
        expect(warnings).toHaveLength(1);
        expect(warnings[0]).toContain("skipped the checkpoint of step 2");
        expect(warnings[0]).toContain(join(run, "checkpoints/step-2"));
        expect(warnings[0]).toContain(file);
        expect(errorOf(() => readCheckpoint(run, "best", fail))).toMatchObject({ code: "CHECKPOINT" });
        expect(errorOf(() => readCheckpoint(run, 2, fail)).message).toContain("the checkpoint of step 2 is damaged");
        rmSync(run, { recursive: true });
      }),
      { numRuns: 200 },
    );
  });

  it("with a file cut, lost or too many of them damaged are refused", () => {
    const run = newRun();
    for (const step of [1, 2]) writeCheckpoint(run, step, contents(step), "best");
    writeFileSync(
      join(run, "checkpoints/step-2/model.safetensors"),
      readFileSync(join(run, "checkpoints/step-2/model.safetensors")).subarray(0, 40),
    );
    expect(readCheckpoint(run, "latest", () => {}).step).toBe(1);
    expect(errorOf(() => readCheckpoint(run, "best", fail)).problems).toEqual([
      {
        message: "the best checkpoint is damaged: model.safetensors and MANIFEST.json do not match",
        where: join(run, "checkpoints"),
        remedy: "Use the latest one; checkpoints exist for the steps 1.",
      },
    ]);
    rmSync(join(run, "checkpoints/step-1/MANIFEST.json"));
    expect(errorOf(() => readCheckpoint(run, "latest", () => {}))).toMatchObject({ code: "CHECKPOINT" });
  });

  it("moved to another step's name are refused", () => {
    const run = newRun();
    writeCheckpoint(run, 1, contents(1));
    renameSync(join(run, "checkpoints/step-1"), join(run, "checkpoints/step-2"));
    expect(errorOf(() => readCheckpoint(run, 2, fail)).message).toContain("MANIFEST.json is damaged");
  });

  it("survive a damaged pointer, which never names another one", () => {
    const run = newRun();
    for (const step of [12, 13]) writeCheckpoint(run, step, contents(step), step === 12 ? "best" : undefined);
    const [latest, best] = [join(run, "checkpoints/LATEST"), join(run, "checkpoints/BEST")];
    writeFileSync(latest, readFileSync(latest, "utf8").replace("13", "12"));
    const warnings: string[] = [];
    expect(readCheckpoint(run, "latest", (warning) => warnings.push(warning)).step).toBe(13);
    expect(warnings).toEqual(["the LATEST pointer is damaged or missing: using the newest checkpoint"]);
    damage(best, 6);
    expect(errorOf(() => readCheckpoint(run, "best", fail)).message).toContain("its pointer is damaged");
    for (const step of [14, 15, 16]) writeCheckpoint(run, step, contents(step));
    expect(checkpointSteps(run)).toContain(12);
  });

  it("not announced yet are passed over while an announced one is sound", () => {
    const run = newRun();
    for (const step of [1, 2]) writeCheckpoint(run, step, contents(step));
    const pointer = readFileSync(join(run, "checkpoints/LATEST"));
    writeCheckpoint(run, 3, contents(3));
    writeFileSync(join(run, "checkpoints/LATEST"), pointer);
    expect(readCheckpoint(run, "latest", fail).step).toBe(2);
  });

  it("say what is missing", () => {
    const run = newRun();
    expect(errorOf(() => readCheckpoint(run, "latest", fail)).message).toContain("there is no checkpoint yet");
    expect(errorOf(() => readCheckpoint(run, "best", fail)).message).toContain("no best checkpoint is recorded");
    expect(errorOf(() => readCheckpoint(run, 4, fail)).message).toContain("the checkpoint of step 4 is missing");
  });

  it("that cannot be written leave those before as they were", () => {
    const run = newRun();
    writeCheckpoint(run, 1, contents(1));
    const unwritable = { ...contents(2), state: { loss: Number.NaN } };
    expect(errorOf(() => writeCheckpoint(run, 2, unwritable)).code).toBe("CONTRACT");
    mkdirSync(join(run, "checkpoints", "step-2.tmp-1-a"));
    expect(readdirSync(join(run, "checkpoints")).sort()).toEqual(["LATEST", "step-1", "step-2.tmp-1-a"]);
    cleanRunFolder(run);
    expect(readdirSync(join(run, "checkpoints")).sort()).toEqual(["LATEST", "step-1"]);
    expect(readCheckpoint(run, "latest", fail).step).toBe(1);
  });
});

describe("a process killed while it writes checkpoints", () => {
  const script = join(mkdtempSync(join(tmpdir(), "vaelab-writer-")), "writer.mjs");
  buildSync({
    entryPoints: [join(import.meta.dirname, "checkpoint-writer.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });

  /** @returns the last step that it said was written, and its warnings. */
  const writeFor = async (run: string, milliseconds: number): Promise<{ last: number; warnings: string[] }> => {
    const child = spawn(process.execPath, [script, run, "50000"], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stderr.on("data", (data) => {
      errors += data;
    });
    const closed = new Promise((resolve) => child.on("close", resolve));
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (data) => {
        output += data;
        resolve();
      });
      child.on("close", () => resolve());
    });
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    child.kill("SIGKILL");
    await closed;
    expect(errors).toBe("");
    const steps = [...output.matchAll(/^wrote (\d+)$/gm)].map(([, step]) => Number(step));
    return { last: steps.at(-1) ?? 0, warnings: output.match(/^warning .*$/gm) ?? [] };
  };

  it("leaves a latest and a best one that are whole, and goes on from there", async () => {
    const run = newRun();
    const uniform = stream(1, "kill");
    for (let round = 0; round < 20; round++) {
      const { last, warnings } = await writeFor(run, uniform() * 60);
      expect(warnings).toEqual([]);
      const { step, model, optimizer, state } = readCheckpoint(run, "latest", fail);
      // What was announced is there; at most the one that was being written is there as well.
      expect([last, last + 1]).toContain(step);
      expect(state).toEqual({ step });
      expect(new Set(model.weights!.data)).toEqual(new Set([step]));
      expect(new Set(optimizer["weights/m"]!.data)).toEqual(new Set([-step]));
      if (step < 3) continue;
      const best = readCheckpoint(run, "best", fail);
      // Killed between the two pointers, BEST is one ahead; every third step is a best one.
      expect([step + 1, step, step - 1, step - 2].filter((candidate) => candidate % 3 === 0)).toContain(best.step);
      expect(new Set(best.model.weights!.data)).toEqual(new Set([best.step]));
    }
  });
});
