/** Processes that stay alive and are asked for one block of steps at a time, so that all of them meet the same machine. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** @returns a peer: `ask(request)` gives its answer. */
export const startChild = (name, command, args, { cwd, env = {} } = {}) => {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, OMP_NUM_THREADS: "2", PYTHONDONTWRITEBYTECODE: "1", TF_CPP_MIN_LOG_LEVEL: "3", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints = (complaints + text).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended: ${complaints}`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const summary = (times) => ({ median: median(times), minimum: Math.min(...times), count: times.length });

/** Blocks in turn: A B C A B C ... The first round warms up and is not counted. */
export const alternate = async (children, { rounds, steps }) => {
  const results = Object.fromEntries(children.map(({ name }) => [name, { times: [] }]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, ask } of children) {
      const { times, ...last } = await ask({ steps: round === 0 ? Math.min(steps, 5) : steps });
      if (round > 0) results[name].times.push(...times);
      Object.assign(results[name], last);
    }
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, { times, ...last }]) => [name, { ...summary(times), ...last }]),
  );
};
