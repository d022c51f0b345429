/** Clients of a server on this machine, each of which asks again as soon as it is answered. */
import { Agent, request } from "node:http";

const ask = (agent, { port, path, body }) =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = request({ agent, port, path, host: "127.0.0.1", method: "POST", headers }, (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });

/** @returns requests per second, and the 99th percentile of their time in ms */
export const load = async (target, { clients, seconds }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times = [];
  const started = performance.now();
  const end = started + seconds * 1e3;
  const client = async () => {
    while (performance.now() < end) {
      const from = performance.now();
      await ask(agent, target);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const took = (performance.now() - started) / 1e3;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { perSecond: times.length / took, p99: times[Math.floor(times.length * 0.99)] };
};
