/** Signals that arrive while the calling thread computes a step: none may find it inside a kernel, whose stack is not its own. */
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Program, program } from "../../support/process.js";

let stepping: Program;
beforeAll(async () => {
  stepping = await program(`
    import { tf } from "./src/tensor/tensor.js";
    import { capturedRunner } from "./src/engine/capture/runner.js";
    import { loadEngine } from "./src/engine/load.js";
    const engine = await loadEngine("native", { threads: Number(process.argv[2]) });
    const data = Float32Array.from({ length: 64 * 784 }, (_, i) => Math.sin(i));
    const running = capturedRunner(engine, { mode: "require" }).start({
      name: "products",
      initialState: { x: { shape: [784, 64], data } },
      run: ({ x }, { rows }) => ({ outputs: { y: tf.sum(tf.matMul(rows!, tf.matMul(x!, x!, false, true))) }, state: {} }),
    });
    const step = () => running.call({ rows: { shape: [64, 784], data } }).y!.data[0]!;
    const first = step();
    let signals = 0;
    process.on("SIGUSR2", () => signals++);
    const beat = setInterval(() => {
      for (let i = 0; i < 20; i++) if (step() !== first) throw new Error("a step gave something else");
    }, 0);
    process.on("SIGTERM", () => {
      clearInterval(beat);
      console.log(signals);
      process.exit(0);
    });
    console.log("ready");`);
}, 60_000);
afterAll(() => stepping.remove());

test.each(["1", "2"])(
  "wait until it is done, by %s of its threads",
  async (threads) => {
    const child = stepping.start([threads]);
    let stderr = "";
    let stdout = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      stderr += chunk;
    });
    child.stdout!.on("data", (chunk: Buffer) => {
      stdout += chunk;
    });
    await once(child.stdout!, "data");
    for (let i = 0; i < 2000 && child.exitCode === null && child.signalCode === null; i++) {
      child.kill("SIGUSR2");
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    expect({ status: child.exitCode, signal: child.signalCode, stderr }).toEqual({
      status: 0,
      signal: null,
      stderr: "",
    });
    expect(Number(stdout.trim().split("\n").at(-1))).toBeGreaterThan(0);
  },
  60_000,
);
