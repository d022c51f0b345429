/** What signals do to work that does not stop by itself. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { root } from "../structure/rooms.js";
import { folderOf } from "./command.js";

/** Says when it begins, says when it is asked to stop, and goes on for ever. */
const DEAF = `
  import { interruptible } from "./src/cli/interrupt.ts";
  await interruptible((signal) => {
    signal.addEventListener("abort", () => console.log("asked"));
    console.log("begun");
    return new Promise(() => setInterval(() => {}, 1000));
  });
`;
let script: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: DEAF, resolveDir: root },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  script = outputFiles[0]!.text;
});

const start = (): ChildProcessWithoutNullStreams => {
  const folder = folderOf();
  writeFileSync(join(folder, "deaf.mjs"), script);
  return spawn(process.execPath, [join(folder, "deaf.mjs")]);
};
const said = (child: ChildProcessWithoutNullStreams, word: string): Promise<void> =>
  new Promise((resolve) => {
    child.stdout.on("data", (text: Buffer) => {
      if (text.toString().includes(word)) resolve();
    });
  });
const ending = (child: ChildProcessWithoutNullStreams): Promise<string | null> =>
  new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)));

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "the first %s asks, the second ends the process",
  async (signal) => {
    const child = start();
    await said(child, "begun");
    const asked = said(child, "asked");
    child.kill(signal);
    await asked;
    await sleep(600);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    const ended = ending(child);
    child.kill(signal);
    expect(await ended).toBe(signal);
  },
);

test("one key press that arrives twice, from the terminal and through npm, asks once", async () => {
  const child = start();
  await said(child, "begun");
  const asked = said(child, "asked");
  child.kill("SIGINT");
  await asked;
  child.kill("SIGINT");
  await sleep(300);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  const ended = ending(child);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
});
