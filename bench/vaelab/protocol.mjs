/** vaelab's side of the protocol of peers/protocol.py. */
import { createInterface } from "node:readline";

const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** @param prepare config → a step, which may return a number; `step.version`, where it has one, is passed on. */
export const serve = async (prepare) => {
  let step;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (request.prepare) {
      const started = performance.now();
      step = await prepare(request.prepare);
      answer({ milliseconds: performance.now() - started, ...step.about });
      continue;
    }
    const times = [];
    let value;
    for (let i = 0; i < request.steps; i++) {
      const started = performance.now();
      value = step();
      if (value instanceof Promise) value = await value;
      times.push(performance.now() - started);
    }
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    answer({ times, value, peakMiB, ...step.report?.() });
  }
};
