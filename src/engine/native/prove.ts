/**
 * Tests a finished build in a separate process, so that a crash is a result, and compares with known values: a matmul, a
 * gradient, the version of the library, and no open session.
 */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import { NATIVE_PARTS } from "../folders.js";
import { TENSORFLOW_VERSION } from "../versions.js";
import { lastLines, runCommand } from "./command.js";
import { SESSION_ADDON } from "./session-addon.js";

/** [[1, 2], [3, 4]] x [[5, 6], [7, 8]], and the gradient of sum(x^3) at 1, 2, 3, which is 3 x^2. */
const KNOWN = { sessions: 0, version: TENSORFLOW_VERSION, product: [19, 22, 43, 50], gradient: [3, 12, 27] };

const PROGRAM = `
const util = require("util");
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
try {
  const tf = require(process.argv[1]);
  const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]));
  const gradient = tf.grad((x) => tf.sum(tf.mul(x, tf.square(x))))(tf.tensor1d([1, 2, 3]));
  console.log(JSON.stringify({
    sessions: require(process.argv[2]).count(),
    version: tf.backend().binding.TF_Version,
    product: Array.from(product.dataSync()),
    gradient: Array.from(gradient.dataSync()),
  }));
} catch (error) {
  console.error(error.message.split("\\n")[0]);
  process.exitCode = 1;
}`;

export const proveBuild = async (folder: string): Promise<void> => {
  const { status, output, stdout } = await runCommand(
    process.execPath,
    ["-e", PROGRAM, join(folder, NATIVE_PARTS.package), join(folder, SESSION_ADDON)],
    { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", TF_NUM_INTRAOP_THREADS: "1" } },
  );
  const failed = (why: string) =>
    new VaelabError("ENGINE", {
      message: `the native engine was built but does not compute: ${why}`,
      remedy: "Use --engine wasm",
    });
  if (status === null) throw failed(`it crashed: ${lastLines(output)}`);
  if (status !== 0) throw failed(lastLines(output, 1));
  const answer = stdout.trim().split("\n").at(-1) ?? "";
  if (answer !== JSON.stringify(KNOWN)) throw failed(`expected ${JSON.stringify(KNOWN)}, got ${answer}`);
};
