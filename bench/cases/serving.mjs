/** POST /encode of one digit by `vaelab serve`, beside FastAPI with PyTorch: milliseconds a request, by number of clients. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { build } from "../../scripts/build.mjs";
import { root } from "../../scripts/sources.mjs";
import { summary } from "../child.mjs";
import { load } from "../clients.mjs";
import { DATA } from "../data.mjs";
import { peersFolder, python } from "../setup.mjs";

const CLIENTS = [1, 16, 128];
const THREADS = "2";

const SPEC = {
  name: "served",
  data: { ...DATA, train: 1000 },
  model: { latent: 20, encoder: { type: "mlp", hidden: [512, 256] }, likelihood: "bernoulli" },
  training: { epochs: 1, batchSize: 128 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a server and waits for its answer to `probe`. */
const start = async (name, command, args, { port, cwd, probe }) => {
  const env = { ...process.env, BENCH_THREADS: THREADS, TF_CPP_MIN_LOG_LEVEL: "3", PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints = (complaints + text).slice(-2000);
  });
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) break;
    try {
      await load({ port, ...probe }, { clients: 1, seconds: 0.001 });
      return { name, port, end: () => child.kill() };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  child.kill();
  throw new Error(`${name} does not answer: ${complaints}`);
};

const finished = (child) => new Promise((resolve) => child.on("close", resolve));

export const run = async ({ quick, record }) => {
  await build({ types: false });
  const folder = mkdtempSync(join(tmpdir(), "vaelab-bench-"));
  const cli = join(root, "dist", "cli.js");
  writeFileSync(join(folder, "spec.json"), JSON.stringify(SPEC));
  const training = spawn(execPath, [cli, "run", join(folder, "spec.json"), "--out", join(folder, "run")]);
  if ((await finished(training)) !== 0) throw new Error("the model was not trained");
  const digit = Array.from({ length: 784 }, (_, i) => Number(i % 5 === 0));
  const probe = { path: "/encode", body: Buffer.from(JSON.stringify({ examples: [digit] })) };
  // The peer takes flat rows, vaelab the shape of an image or a typed array with its shape.
  const shaped = { shape: [1, 28, 28, 1], data: digit };
  const own = { path: "/encode", body: Buffer.from(JSON.stringify({ examples: shaped })) };
  const [port, other] = [await freePort(), await freePort()];
  const servers = [
    await start(
      "vaelab serve",
      execPath,
      [cli, "serve", join(folder, "run"), "--port", String(port), "--threads", THREADS],
      {
        port,
        cwd: folder,
        probe: own,
      },
    ),
    await start(
      "FastAPI, PyTorch",
      python,
      ["-m", "uvicorn", "serving:app", "--port", String(other), "--log-level", "error"],
      {
        port: other,
        cwd: peersFolder,
        probe,
      },
    ),
  ];
  const bodies = [own, probe];
  try {
    for (const clients of CLIENTS) {
      const times = servers.map(() => []);
      const late = servers.map(() => []);
      for (let round = 0; round <= (quick ? 2 : 5); round++)
        for (const [i, { port }] of servers.entries()) {
          const { perSecond, p99 } = await load({ port, ...bodies[i] }, { clients, seconds: quick ? 1 : 3 });
          if (round === 0) continue;
          times[i].push(1e3 / perSecond);
          late[i].push(p99);
        }
      const participants = Object.fromEntries(servers.map(({ name }, i) => [name, summary(times[i])]));
      const tails = servers.map(({ name }, i) => `${name} ${summary(late[i]).median.toFixed(1)} ms`).join(", ");
      record({
        title: `one digit a request, ${clients} client${clients === 1 ? "" : "s"}`,
        unit: "ms a request",
        subject: servers[0].name,
        participants,
        note: `99th percentile: ${tails}.`,
        ...(clients === 128 && { target: 0.5 }),
      });
    }
  } finally {
    for (const server of servers) server.end();
    rmSync(folder, { recursive: true, force: true });
  }
};
