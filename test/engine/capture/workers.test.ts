/** The threads that divide ops: the same bits whether they are met awake or asleep, with more of them than processors too. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Program, program } from "../../support/process.js";

let stepping: Program;
beforeAll(async () => {
  stepping = await program(`
    import { tf } from "./src/tensor/tensor.js";
    import { capturedRunner } from "./src/engine/capture/runner.js";
    import { loadEngine } from "./src/engine/load.js";
    const engine = await loadEngine("native", { threads: Number(process.argv[2]) });
    // A product that oneDNN divides, a large op of Eigen's and a small one, and ops of vaelab's own.
    const waves = (rows, columns) => ({
      shape: [rows, columns],
      data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
    });
    const running = capturedRunner(engine, { mode: "require" }).start({
      name: "divided",
      initialState: { weights: waves(512, 640) },
      run: ({ weights }, { x }) => {
        const logits = tf.matMul(x, weights);
        const probabilities = tf.sigmoid(tf.mul(logits, logits));
        const likelihood = tf.sum(tf.sub(tf.mul(probabilities, logits), tf.softplus(logits)), 1);
        return { outputs: { likelihood, mean: tf.mean(tf.sin(probabilities), 0) }, state: {} };
      },
    });
    const x = waves(1024, 512);
    const digest = () => {
      const { likelihood, mean } = running.call({ x });
      return [...likelihood.data, ...mean.data].join();
    };
    const first = digest();
    const check = () => {
      if (digest() !== first) throw new Error("a call gave something else");
    };
    for (let i = 0; i < 100; i++) check();
    // Longer than they look for work.
    for (let i = 0; i < 30; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      check();
    }
    console.log("done");
    process.exit(0);`);
}, 60_000);
afterAll(() => stepping.remove());

test.each(["2", "3", "5"])(
  "%s of them",
  async (threads) => {
    expect(await stepping.run([threads])).toEqual({ status: 0, stdout: "done\n", stderr: "" });
  },
  60_000,
);
