/** Subject "checkpoints": weights and states that are wrong and that their manifest vouches for, in commands that load them. */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { damaged } from "./bytes.mjs";
import { makeFixtures } from "./fixtures.mjs";
import { damageFolder } from "./run-folders.mjs";
import { commandCase } from "./runs.mjs";
import { hostileKey, hostileNumber, hostileValue, mutated, spell } from "./values.mjs";

const FILES = ["model.safetensors", "optimizer.safetensors", "state.json"];
const DTYPES = ["F32", "I32", "F64", "F16", "BF16", "I64", "U8", "BOOL", "F8_E4M3", "", null, 1];

const read = (bytes) => {
  const length = Number(bytes.readBigUInt64LE(0));
  return { header: JSON.parse(bytes.subarray(8, 8 + length).toString("utf8")), values: bytes.subarray(8 + length) };
};
const written = (header, values, length) => {
  const text = Buffer.from(spell(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length ?? text.length));
  return Buffer.concat([size, text, values]);
};

const LENGTHS = [0, 1, 7, 2 ** 31, Number.MAX_SAFE_INTEGER];
const product = (shape) => shape.reduce((size, length) => size * length, 1);
/** Sound files of other tensors: what only a comparison with the model finds. */
const CHANGES = [
  (random, header, name) => {
    const other = random.pick(Object.keys(header));
    [header[name], header[other]] = [header[other], header[name]];
  },
  (random, header, name) => {
    header[hostileKey(random)] = header[name];
    delete header[name];
  },
  (_random, header, name) => {
    const { shape } = header[name];
    header[name].shape = [...shape].reverse();
  },
  (_random, header, name) => {
    header[name].shape = [product(header[name].shape)];
  },
  (random, header, name) => {
    header[name].shape = [...header[name].shape, ...Array(random.pick([1, 7, 100_000])).fill(1)];
  },
  (_random, header, name) => {
    header[name].dtype = header[name].dtype === "F32" ? "I32" : "F32";
  },
  (random, header, name) => {
    header[name].dtype = random.pick(DTYPES);
  },
  (random, header, name) => {
    header[name].shape = random.times(0, 4, () => hostileNumber(random));
  },
  (random, header, name) => {
    header[name].data_offsets = random.times(0, 3, () => hostileNumber(random));
  },
  (_random, header, name) => {
    delete header[name];
  },
  (_random, header, name, values) => {
    const [begin, end] = header[name].data_offsets;
    if (end !== values.length) return undefined;
    delete header[name];
    return values.subarray(0, begin);
  },
  (random, header, _name, values) => {
    const extra = random.pick([1, 1000, 100_000]);
    header[hostileKey(random)] = {
      dtype: "F32",
      shape: [extra],
      data_offsets: [values.length, values.length + 4 * extra],
    };
    return Buffer.concat([values, Buffer.alloc(4 * extra)]);
  },
  (random, header, name, values) => {
    const copy = Buffer.from(values);
    const [begin, end] = header[name].data_offsets;
    const value = random.pick([NaN, Infinity, -Infinity, 3e38, -3e38, 1e-45, 1e20]);
    for (let at = begin; at + 4 <= end; at += 4) copy.writeFloatLE(value, at);
    return copy;
  },
  (random, header, name, values) => {
    const copy = Buffer.from(values);
    copy.writeInt32LE(random.pick([-1, -5, -(2 ** 31), 2 ** 31 - 1, 0, 1]), header[name].data_offsets[0]);
    return copy;
  },
];

const changeTensors = (random, path) => {
  const { header, values } = read(readFileSync(path));
  if (random.chance(0.15)) return writeFileSync(path, written(mutated(random, header), values));
  if (random.chance(0.05)) return writeFileSync(path, written(header, values, random.pick(LENGTHS)));
  if (random.chance(0.1)) return writeFileSync(path, damaged(random, readFileSync(path)));
  const name = random.pick(Object.keys(header));
  const changed = random.pick(CHANGES)(random, header, name, values);
  writeFileSync(path, written(header, changed ?? values));
};

const changeState = (random, path) => {
  const state = JSON.parse(readFileSync(path, "utf8"));
  const numbers = Object.keys(state).filter((key) => typeof state[key] === "number");
  if (random.chance(0.5))
    state[random.pick(numbers)] = random.chance(0.7) ? hostileNumber(random) : hostileValue(random);
  writeFileSync(path, spell(random.chance(0.4) ? state : mutated(random, state)));
};

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");
/** The manifest of the files as they are now. */
const vouch = (folder, step) => {
  const { format } = JSON.parse(readFileSync(join(folder, "MANIFEST.json"), "utf8"));
  const entries = FILES.map((name) => {
    const bytes = readFileSync(join(folder, name));
    return `"${name}":{"bytes":${bytes.length},"sha256":"${hashOf(bytes)}"}`;
  });
  writeFileSync(join(folder, "MANIFEST.json"), `{"files":{${entries.join(",")}},"format":${format},"step":${step}}\n`);
};

const COMMANDS = [
  ["sample", "run", "--count", "9", "--out", "out.png"],
  ["evaluate", "run", "--metric", "elbo"],
  ["encode", "run", "--out", "out.csv"],
  ["reconstruct", "run", "--out", "out.png"],
  ["resume", "run", "--epochs", "4"],
  ["resume", "run"],
];

export const checkpoints = {
  fixtures: makeFixtures,
  prepare: (random, { given, outside, fixtures }) => {
    const run = join(given, "run");
    cpSync(fixtures[random.pick(["full", "table", "tiny"])], run, { recursive: true });
    const args = random.pick(COMMANDS);
    // Otherwise nothing is left to do.
    if (args.join(" ") === "resume run")
      for (const name of ["metrics.json", "report.html", "status.json"]) rmSync(join(run, name), { force: true });
    if (random.chance(0.15)) damageFolder(random, run, outside, (path) => path.includes("checkpoints"));
    else {
      const folder = join(run, "checkpoints");
      for (const name of readdirSync(folder).filter((each) => each.startsWith("step-"))) {
        const step = join(folder, name);
        for (const file of random.pick([["model.safetensors"], ["optimizer.safetensors"], ["state.json"], FILES]))
          (file.endsWith(".json") ? changeState : changeTensors)(random, join(step, file));
        vouch(step, Number(name.slice("step-".length)));
      }
    }
    return commandCase(args, given);
  },
};
