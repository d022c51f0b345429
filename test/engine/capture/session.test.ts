/** Both kinds of session run the same graph: our addon's, and the binding's for a tfjs-node that was built without it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CapturedProgram } from "../../../src/engine/capture/program.js";
import { nativeBackend } from "../../../src/engine/native/backend.js";
import { sessionAddon } from "../../../src/engine/native/session-addon.js";
import { useEngine } from "../../support/engine.js";
import { vaeInputs, vaeProgram } from "./programs.js";

const toolsOf = async () => {
  const engine = await useEngine();
  const require = createRequire(join(engine.folder, "package.json"));
  const addon = sessionAddon(engine.folder, require)!;
  return { tools: { backend: nativeBackend(engine.tf), kernels: engine.noise, require }, addon };
};

test("the addon's session and the binding's give the same bytes", async () => {
  const { tools, addon } = await toolsOf();
  // Of a program without a softplus, for which the addon brings a kernel.
  const ours = new CapturedProgram(vaeProgram({ clipNorm: 1 }), { ...tools, addon });
  const theirs = new CapturedProgram(vaeProgram({ clipNorm: 1 }), tools);
  for (let step = 0; step < 10; step++)
    expect(ours.call(vaeInputs(step), "elbo")).toEqual(theirs.call(vaeInputs(step), "elbo"));
  expect(ours.readState()).toEqual(theirs.readState());
  ours.dispose();
  theirs.dispose();
});

test("the addon says what is wrong with a graph, a name, a value and a closed session", async () => {
  const { tools, addon } = await toolsOf();
  expect(() => addon.open(Uint8Array.of(1, 2, 3))).toThrow(/GraphDef/);
  const { GraphDef } = tools.require("@tensorflow/tfjs-node/dist/proto/api_pb") as {
    GraphDef: new () => { serializeBinary(): Uint8Array };
  };
  const session = addon.open(new GraphDef().serializeBinary());
  expect(addon.count()).toBe(1);
  expect(() => addon.prepare(session, ["x:0"], [1], [[2]], [])).toThrow("the graph has no x:0");
  addon.close(session);
  expect(addon.count()).toBe(0);
  expect(() => addon.prepare(session, [], [], [], ["y:0"])).toThrow("the session is closed");
});
