/** A served run answers as the library does, and names what is wrong with a request. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Serving, serveRun } from "../../../src/experiments/serve/server.js";
import { openRun } from "../../../src/experiments/use/open-run.js";
import type { OpenedRun } from "../../../src/experiments/use/opened-run.js";
import { decodeNpy, encodeNpy } from "../../../src/storage/npy.js";
import { newFolder, refusalOf, runIn } from "../support/runs.js";

const on = { engine: (process.env.VAELAB_TEST_ENGINE ?? "native") as "native", threads: 1 } as const;
let run: string;
let serving: Serving;
let model: OpenedRun;
beforeAll(async () => {
  run = newFolder();
  const data = join(dirname(run), "train.csv");
  const rows = Array.from({ length: 200 }, (_, i) => `${20 + (i % 30)},${["red", "green"][i % 2]},${1000 + (i % 7)}`);
  writeFileSync(data, `age,color,income\n${rows.join("\n")}\n`);
  await runIn(
    {
      name: "served",
      seed: 1,
      data: { type: "csv", file: data },
      model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: "columns" },
      training: { epochs: 1, batchSize: 32 },
      evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
    },
    {},
    run,
  );
  serving = await serveRun({ run, port: 0, queue: 150, ...on });
  model = await openRun(run, on);
});
afterAll(async () => {
  await serving.close();
  model.close();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(serving.url + path, {
    method: "POST",
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
const answerOf = async (response: Promise<Response>) => (await (await response).json()) as Record<string, number[]>;
const EXAMPLES = [
  { age: 21, color: "red", income: 1002 },
  { age: null, color: "green", income: 1004 },
];

describe("answers", () => {
  test("are those of the library", async () => {
    const { mean } = await answerOf(post("/encode", { examples: EXAMPLES }));
    expect(mean!.flat()).toEqual(Array.from((await model.encode(EXAMPLES)).mean!.data));
    const { nll } = await answerOf(post("/score", { examples: EXAMPLES, samples: 20, seed: 5 }));
    expect(nll).toEqual(Array.from((await model.score(EXAMPLES, { samples: 20, seed: 5 })).nll!));
    const { x } = await answerOf(post("/sample", { count: 3, seed: 2 }));
    expect(x!.flat()).toEqual(Array.from((await model.sample(3, { seed: 2 })).x!.data));
    const decoded = await answerOf(post("/decode", { codes: [[0.5, -1]] }));
    expect(decoded.x!.flat()).toEqual(Array.from((await model.decode([[0.5, -1]])).x!.data));
  });

  test("do not depend on who else asks", async () => {
    const single = await answerOf(post("/encode", { examples: EXAMPLES.slice(0, 1) }));
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, i) => answerOf(post("/encode", { examples: [EXAMPLES[i % 2]] }))),
    );
    for (const each of all.filter((_, i) => i % 2 === 0)) expect(each).toEqual(single);
    const scores = await Promise.all(
      [0, 1, 2].map(() => answerOf(post("/score", { examples: EXAMPLES, samples: 10 }))),
    );
    expect(scores[1]).toEqual(scores[0]);
    expect(scores[2]).toEqual(scores[0]);
    const rows = /vaelab_batch_rows_count (\d+)/.exec(await (await fetch(`${serving.url}/metrics`)).text())!;
    // 31 encodings and more, in fewer calls.
    expect(Number(rows[1])).toBeLessThan(35);
  });

  test("come as rows of the table on request", async () => {
    const [completed] = (await answerOf(post("/impute", { examples: EXAMPLES, rows: true }))) as unknown as object[][];
    expect(completed).toEqual([
      { age: expect.closeTo(21, 4), color: "red", income: expect.closeTo(1002, 3) },
      { age: expect.any(Number), color: "green", income: expect.closeTo(1004, 3) },
    ]);
  });

  test("come as .npy, and go", async () => {
    const values = encodeNpy({ shape: [1, 4], data: Float32Array.of(0.1, 1, 0, -0.2) });
    const npy = { "content-type": "application/x-npy", accept: "application/x-npy" };
    const response = await post("/encode?array=logVariance", Buffer.from(values), npy);
    const array = decodeNpy(new Uint8Array(await response.arrayBuffer()), "answer");
    const expected = (await model.encode([[0.1, 1, 0, -0.2]])).logVariance!;
    expect(array).toMatchObject({ shape: [1, 2], data: expected.data });
  });

  test("describe the model and every path", async () => {
    expect(await (await fetch(`${serving.url}/health`)).json()).toMatchObject({ status: "ok", modeled: "x" });
    const { paths } = (await (await fetch(`${serving.url}/docs`)).json()) as { paths: object };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(["/encode", "/score", "/impute", "/sample", "/health"]));
  });
});

test.each([
  ["/encode", "{", 400, "JSON"],
  ["/encode", {}, 400, "examples"],
  ["/encode", { examples: [[1, 2]] }, 400, "expected 4 values, but found 2"],
  ["/encode", { examples: [{ age: "old" }] }, 400, "is not a number"],
  ["/encode", { examples: [{ age: [] }] }, 400, "is no cell"],
  ["/encode", { examples: [{ color: {} }] }, 400, "is no cell"],
  ["/encode", { examples: [] }, 400, "no examples"],
  ["/encode", { examples: "x" }, 400, "examples"],
  ["/encode", { examples: [[1, 2, 3, 4]], extra: 1 }, 400, "additional properties"],
  ["/score", { examples: [[0, 1, 0, 0]], samples: 0 }, 400, "samples"],
  ["/score", { examples: [[0, 1, 0, 0]], samples: 1e9 }, 400, "samples"],
  ["/sample", { count: 1e9 }, 400, "count"],
  ["/sample", { count: 1, conditions: { label: ["3"] } }, 400, "not conditioned"],
  ["/encode?array=mean&x=1", { examples: [[0, 1, 0, 0]] }, 400, "querystring"],
  ["/nothing", {}, 404, "no such path"],
])("%s refuses a wrong request (%#)", async (path, body, status, message) => {
  const response = await post(path, body);
  expect(response.status).toBe(status);
  expect(((await response.json()) as { error: string }).error).toContain(message);
});

test("other types of content, and other hosts, are refused", async () => {
  expect((await post("/encode", "examples", { "content-type": "text/plain" })).status).toBe(415);
  expect((await post("/encode", "not npy", { "content-type": "application/x-npy" })).status).toBe(400);
  const { request } = await import("node:http");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${serving.url}/health`, { headers: { host: "example.com" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
  expect(status).toBe(403);
});

test("where too many rows wait, a request is told to come again", async () => {
  const many = { examples: Array.from({ length: 100 }, () => EXAMPLES[0]), samples: 200 };
  const responses = await Promise.all(Array.from({ length: 6 }, () => post("/score", many)));
  const busy = responses.filter(({ status }) => status === 503);
  expect(busy.length).toBeGreaterThan(0);
  expect(responses.filter(({ status }) => status === 200).length).toBe(6 - busy.length);
  expect(busy[0]!.headers.get("retry-after")).toBe("1");
});

test("closing answers what was accepted, and nothing more", async () => {
  const own = await serveRun({ run, port: 0, ...on });
  const asked = fetch(`${own.url}/score`, {
    method: "POST",
    body: JSON.stringify({ examples: EXAMPLES, samples: 500 }),
    headers: { "content-type": "application/json" },
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await own.close();
  expect((await asked).status).toBe(200);
  await expect(fetch(`${own.url}/health`)).rejects.toThrow();
});

test("a port in use is named", async () => {
  const port = Number(new URL(serving.url).port);
  const { problems } = await refusalOf(serveRun({ run, port, ...on }));
  expect(problems[0]).toMatchObject({ where: `127.0.0.1:${port}`, message: "the port is in use" });
});
