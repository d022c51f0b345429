/** `npm start`: from a clone to a seeded ablation over beta on real digits. Further arguments go to `vaelab run`. */
import { argv } from "node:process";
import { announce, ensureDependencies, ensureNativeEngine, requireNode, step, vaelab } from "./steps.mjs";

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
  announce(`vaelab run ${SPEC}`);
  // Its last lines are the table by beta and the path of the report.
  process.exitCode = await vaelab(["run", SPEC, ...argv.slice(2)]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
