/**
 * A process that runs many command lines, one after another, through the entry of the command itself: dist/cli.js is evaluated
 * anew for each, the code that it imports is kept. `node worker.mjs CLI`; told {args, folder}, it answers {code, text, memory}.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { peakMemory } from "./process.mjs";

const cli = pathToFileURL(process.argv[2]).href;
const LONGEST_TEXT = 2 ** 20;

let text = "";
const capture = (stream) => {
  // Every evaluation of the command adds its listeners.
  stream.setMaxListeners(0);
  stream.write = (chunk, encoding, done = encoding) => {
    if (text.length < LONGEST_TEXT) text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    if (typeof done === "function") process.nextTick(done);
    return true;
  };
};
capture(process.stdout);
capture(process.stderr);
// Between two commands, an interrupt that came too late ends nothing.
process.on("SIGINT", () => {});

let number = 0;
process.on("message", async ({ args, folder }) => {
  text = "";
  process.chdir(folder);
  process.argv = [process.execPath, process.argv[1], ...args];
  process.exitCode = undefined;
  // Resets the peak of the resident set.
  writeFileSync("/proc/self/clear_refs", "5");
  await import(`${cli}?case=${number++}`);
  process.send({ code: process.exitCode ?? 0, text, memory: peakMemory(process.pid) });
  process.exitCode = 0;
});
