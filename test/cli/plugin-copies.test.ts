/** Plugins that import vaelab, and are outside its folder: they get the copy that runs, whatever lies beside them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, folderOf, SMALL, vaelabProcess } from "./command.js";

beforeAll(buildOnce);

/** Computes with `tf` and throws vaelab's own error class: both have to be those of the copy that runs. */
const PLUGIN = `
import { defineSchedule, VaelabError } from "vaelab";
import { value } from "./helper.mjs";
export default [defineSchedule({
  schema: { type: "object", title: "plugged", required: ["type"], additionalProperties: false,
    properties: { type: { const: "plugged" }, refuse: { type: "boolean", default: false } } },
  duration: () => 0,
  create: ({ refuse }) => {
    if (refuse) throw new VaelabError("DATA", { message: "refused by the plugin" });
    return { at: () => value(), final: 1, end: 0 };
  },
})];
`;
const HELPER = `
import { tf } from "vaelab/tensor";
export const value = () => tf.relu(tf.tensor1d([-1, 1])).dataSync()[1];
`;
const COPY = 'throw new Error("the other copy was loaded");';
const files = {
  "a.json": JSON.stringify({ ...SMALL, plugins: ["./plugin.mjs"], objective: { type: "elbo", beta: "plugged" } }),
  "plugin.mjs": PLUGIN,
  "helper.mjs": HELPER,
};
const copy = {
  "node_modules/vaelab/package.json": JSON.stringify({
    name: "vaelab",
    type: "module",
    exports: { ".": "./index.js", "./tensor": "./tensor.js" },
  }),
  "node_modules/vaelab/index.js": COPY,
  "node_modules/vaelab/tensor.js": COPY,
};

test.each([
  ["alone", files],
  ["beside another copy", { ...files, ...copy }],
])("%s", { timeout: 120_000 }, async (_, all) => {
  const folder = folderOf();
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const listed = await vaelabProcess(["list", "schedule", "--plugin", "plugin.mjs"], { cwd: folder });
  expect(listed.code, listed.stderr).toBe(0);
  expect(listed.stdout).toMatch(/^schedule +plugged /m);
  const ran = await vaelabProcess(["run", "a.json", "--out", "run"], { cwd: folder });
  expect(ran.code, ran.stderr).toBe(0);
  const refused = await vaelabProcess(["run", "a.json", "--out", "other", "--set", "objective.beta.refuse=true"], {
    cwd: folder,
  });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/refused by the plugin\n$/);
});
