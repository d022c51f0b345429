/** `npm start`: from a clone to a seeded ablation over beta on real digits. Further arguments go to `vaelab run`. */
import { argv } from "node:process";
import { elapsed, ensureDependencies, ensureNativeEngine, requireNode, step, vaelab } from "./steps.mjs";

const SPEC = "examples/digits-beta.json";

try {
  requireNode();
  await ensureDependencies();
  const { build } = await import("./build.mjs");
  await step("build", () => build({ types: false }));
  if (!(await ensureNativeEngine()))
    console.log(
      "The native engine could not be installed, for the reason above: going on with WebAssembly, which is several times slower.",
    );
  process.exitCode = await step(`vaelab run ${SPEC}`, () => vaelab(["run", SPEC, ...argv.slice(2)]));
  console.log(`   in all: ${elapsed()}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
