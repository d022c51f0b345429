/** Commands under a watchdog: in a worker that is kept for many of them, or in a process of their own. */
import { fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { peakMemory, processorSeconds, residentMemory } from "./process.mjs";
import { LIMITS } from "./verdict.mjs";

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));
const POLL_MILLISECONDS = 25;
/** A process that waits uses no processor time. One of a busy machine uses little, so these are longer. */
const LONGEST_WAIT = { idle: 30, busy: 120 };
const IDLE_SECONDS = 0.5;
/** Kills what takes more, so that the machine survives. */
const DEADLY_MEMORY = 4 * LIMITS.memory;

/**
 * Interrupts and kills in time. `stop` ends the watch and says what was seen.
 * @param interruptAfter seconds of processor time; never, unless given
 * @param unlimited whether it may take as long as it likes
 */
const watch = (child, { interruptAfter, unlimited = false }) => {
  const { pid } = child;
  const began = { wall: performance.now(), processor: processorSeconds(pid) ?? 0 };
  const seen = { seconds: 0, memory: 0, interrupted: false, killed: false, waited: false, ended: false };
  let from = began;
  const look = () => {
    const processor = processorSeconds(pid);
    if (processor === undefined) return;
    const now = { wall: performance.now(), processor };
    seen.seconds = processor - from.processor;
    seen.memory = Math.max(seen.memory, residentMemory(pid));
    if (seen.killed || seen.ended) return;
    if (interruptAfter !== undefined && !seen.interrupted && seen.seconds > interruptAfter) {
      seen.interrupted = true;
      from = now;
      seen.seconds = 0;
      child.kill("SIGINT");
    }
    const waited = (now.wall - from.wall) / 1000;
    seen.waited = waited > (seen.seconds < IDLE_SECONDS ? LONGEST_WAIT.idle : LONGEST_WAIT.busy);
    if (!unlimited && (seen.seconds > LIMITS.seconds + 1 || seen.memory > DEADLY_MEMORY || seen.waited)) {
      seen.killed = true;
      child.kill("SIGKILL");
    }
  };
  const poll = setInterval(look, POLL_MILLISECONDS);
  return {
    seen,
    stop: () => {
      seen.ended = true;
      look();
      clearInterval(poll);
      return seen;
    },
  };
};

const ended = ({ killed, waited, ...seen }, { code, signal, text }) =>
  killed && waited
    ? { ...seen, code, signal: undefined, text, seconds: LONGEST_WAIT.idle }
    : { ...seen, code, signal: killed ? undefined : signal, text };

/** A process for this command alone, as a user starts it. */
export const runAlone = (cli, { args, folder, ...limits }) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    child.on("error", reject);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
    const watching = watch(child, limits);
    const memory = setInterval(() => {
      watching.seen.memory = Math.max(watching.seen.memory, peakMemory(child.pid));
    }, POLL_MILLISECONDS);
    child.on("close", (code, signal) => {
      clearInterval(memory);
      resolve(ended(watching.stop(), { code, signal, text }));
    });
  });

/** Cases of a worker before it is exchanged, so that what they leave in its memory is not counted against later ones. */
const MOST_CASES = 100;
const MOST_RESIDENT = 450 * 2 ** 20;

/** A worker for one command at a time. */
export const openWorker = (cli) => {
  let child;
  let cases = 0;
  let text = "";
  const start = () => {
    cases = 0;
    child = fork(WORKER, [cli], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    // What a process says when it breaks down comes this way.
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
  };
  const close = () => {
    child?.kill("SIGKILL");
    child = undefined;
  };
  const run = ({ args, folder, ...limits }) => {
    if (cases >= MOST_CASES || (child && residentMemory(child.pid) > MOST_RESIDENT)) close();
    if (!child) start();
    cases++;
    text = "";
    const current = child;
    return new Promise((resolve) => {
      const watching = watch(current, limits);
      const finish = (outcome) => {
        current.off("message", onMessage);
        current.off("close", onClose);
        resolve(outcome);
      };
      const onMessage = (answer) => {
        const seen = watching.stop();
        finish(ended({ ...seen, memory: answer.memory }, { code: answer.code, signal: undefined, text: answer.text }));
      };
      const onClose = (code, signal) => {
        const seen = watching.stop();
        child = undefined;
        finish(ended(seen, { code, signal, text }));
      };
      current.on("message", onMessage);
      current.on("close", onClose);
      current.send({ args, folder });
    });
  };
  return { run, close };
};
