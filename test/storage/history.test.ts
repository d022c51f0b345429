import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LoggedFigure } from "../../src/contracts/logged-figure.js";
import { VaelabError } from "../../src/errors.js";
import { HistoryLog } from "../../src/storage/history.js";
import type { HistoryEntry } from "../../src/storage/layout.js";
import { readHistory } from "../../src/storage/read-history.js";

const newPath = (): string => join(mkdtempSync(join(tmpdir(), "vaelab-metrics-")), "history.jsonl");
const LOSS: LoggedFigure = { name: "loss", title: "loss", unit: "nats", kind: "loss", phase: "elbo", term: "loss" };
const KL: LoggedFigure = {
  name: "kl/z1",
  title: "KL of z1",
  unit: "nats",
  kind: "term",
  phase: "elbo",
  term: "kl",
  latent: "z1",
  dimensions: 2,
};
const at = (step: number, value = step / 8): HistoryEntry => ({ step, epoch: 0, split: "train", name: "loss", value });
/** A new log that knows the loss. */
const opened = (path: string): HistoryLog => {
  const log = new HistoryLog(path);
  log.declare([LOSS]);
  return log;
};
const DECLARATION =
  '{"figures":[{"kind":"loss","name":"loss","phase":"elbo","term":"loss","title":"loss","unit":"nats"}],"format":3}\n';

describe("the training history", () => {
  it("declares its figures, then has a line per value, with NaN and infinities as strings", () => {
    const path = newPath();
    const log = opened(path);
    const entries = [at(1, 0.1), at(2, Number.NaN), at(3, Number.POSITIVE_INFINITY), at(4, Number.NEGATIVE_INFINITY)];
    for (const entry of entries) log.append(entry);
    log.close();
    expect(readFileSync(path, "utf8")).toBe(
      DECLARATION +
        [0.1, '"NaN"', '"Infinity"', '"-Infinity"']
          .map((value, i) => `{"epoch":0,"format":3,"name":"loss","split":"train","step":${i + 1},"value":${value}}\n`)
          .join(""),
    );
    expect(readHistory(path)).toEqual({ figures: [LOSS], entries });
  });

  it("declares a figure once, again only where it changed, and refuses a value of none", () => {
    const path = newPath();
    const log = opened(path);
    log.declare([LOSS, KL]);
    log.declare([{ ...KL }]);
    log.append({ ...at(1), name: "kl/z1", dimension: 1 });
    log.declare([{ ...LOSS, title: "objective" }]);
    expect(() => log.append({ ...at(1), name: "rate" })).toThrow('the logged figure "rate" is not declared');
    log.close();
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual([
      "figures",
      "figures",
      "dimension",
      "figures",
    ]);
    expect(readHistory(path)).toEqual({
      figures: [{ ...LOSS, title: "objective" }, KL],
      entries: [{ ...at(1), name: "kl/z1", dimension: 1 }],
    });
  });

  it("resumed at a checkpoint's offset ends with the bytes of one that never stopped", () => {
    const [whole, resumed] = [newPath(), newPath()];
    const log = opened(whole);
    for (let step = 0; step < 5000; step++) log.append(at(step));
    log.close();

    const first = opened(resumed);
    for (let step = 0; step < 2000; step++) first.append(at(step));
    const offset = first.flush();
    expect(offset).toBe(readFileSync(resumed).length);
    for (let step = 2000; step < 4000; step++) first.append(at(step, -1));
    first.write();
    appendFileSync(resumed, '{"cut');
    const second = new HistoryLog(resumed, offset);
    expect(second.figures).toEqual([LOSS]);
    second.declare([LOSS]);
    for (let step = 2000; step < 5000; step++) second.append(at(step));
    second.close();
    first.close();
    expect(Buffer.compare(readFileSync(resumed), readFileSync(whole))).toBe(0);
  });

  it("starts anew at offset 0", () => {
    const path = newPath();
    writeFileSync(path, "of another run\n");
    new HistoryLog(path).close();
    expect(readFileSync(path, "utf8")).toBe("");
  });

  it("refuses a file that is not the checkpoint's, and leaves it as it is", () => {
    const path = newPath();
    writeFileSync(path, "0123456789\nabc");
    for (const offset of [5, 15, 100]) {
      expect(() => new HistoryLog(path, offset)).toThrow(VaelabError);
      expect(() => new HistoryLog(path, offset)).toThrow(`no line ends at byte ${offset} of 14`);
    }
    expect(readFileSync(path, "utf8")).toBe("0123456789\nabc");
  });

  it("hands lines over by itself when many wait", () => {
    const path = newPath();
    const log = opened(path);
    for (let step = 0; step < 2000; step++) log.append(at(step));
    expect(readHistory(path).entries.length).toBeGreaterThan(1000);
    log.close();
  });

  it("says where it cannot write", () => {
    const folder = newPath();
    expect(() => new HistoryLog(join(folder, "history.jsonl"))).toThrow("cannot write: the folder does not exist");
  });
});

describe("reading a training history", () => {
  it("leaves out a cut last line, and names a damaged one before it", () => {
    const path = newPath();
    const log = opened(path);
    for (const step of [1, 2, 3]) log.append(at(step));
    log.close();
    const sound = readFileSync(path, "utf8");
    const last = sound.trimEnd().lastIndexOf("\n") + 1;
    for (let length = sound.length - 1; length >= last; length--) {
      writeFileSync(path, sound.slice(0, length));
      expect(readHistory(path).entries).toEqual([at(1), at(2)]);
    }
    for (const line of [
      "{oops}",
      "[]",
      '{"step":1,"epoch":0,"split":"other","name":"loss","value":1}',
      '{"step":1,"epoch":0,"split":"test","name":"x","value":null}',
      '{"step":1,"epoch":0,"split":"test","name":"loss","dimension":-1,"value":1}',
    ]) {
      writeFileSync(path, `${sound}${line}\n`);
      expect(() => readHistory(path)).toThrow(`${path}:5  not a line of a training history`);
    }
  });

  it("names a line that declares something else than figures, and a value without a figure", () => {
    const path = newPath();
    const line = { format: 3, step: 1, epoch: 1, split: "train", name: "rate", value: 1 };
    writeFileSync(path, `${DECLARATION}${JSON.stringify(line)}\n`);
    expect(() => readHistory(path)).toThrow(`${path}:2  no line before it declares the figure "rate"`);
    writeFileSync(path, `${DECLARATION}{"figures":[{"name":"x","title":"x","unit":"","kind":"none"}],"format":3}\n`);
    expect(() => readHistory(path)).toThrow(
      `${path}:2  "figures/0/kind" is not one of loss, term, gradient-norm, schedule`,
    );
    expect(() => new HistoryLog(path, readFileSync(path).length)).toThrow('"figures/0/kind" is not one of');
  });
});

describe("a history before format 3", () => {
  const read = (...names: string[]) => {
    const path = newPath();
    const line = (name: string) =>
      `${JSON.stringify({ format: 2, step: 1, epoch: 1, split: "train", name, value: 1 })}\n`;
    writeFileSync(path, names.map(line).join(""));
    return readHistory(path);
  };
  it("has what its names say", () => {
    const { figures } = read("loss", "gradientNorm", "label.accuracy", "discriminator/loss", "objective.beta");
    expect(figures).toEqual([
      { name: "loss", title: "loss", unit: "nats", kind: "loss", term: "loss" },
      { name: "gradientNorm", title: "gradient norm", unit: "", kind: "gradient-norm", term: "gradientNorm" },
      {
        name: "label.accuracy",
        title: "accuracy of label",
        unit: "fraction",
        kind: "term",
        term: "accuracy",
        field: "label",
      },
      { name: "discriminator/loss", title: "loss, discriminator", unit: "nats", kind: "loss", term: "loss" },
      { name: "objective.beta", title: "beta", unit: "", kind: "schedule", role: "weight" },
    ]);
  });
  it("has the dimensions of each latent, be it one, one of a single dimension, or several", () => {
    const { figures, entries } = read("kl/0", "kl/11", "kl/z1/0", "kl/z1/1", "kl/z2");
    const kl = { title: "KL", unit: "nats", kind: "term", term: "kl" };
    expect(figures).toEqual([
      { ...kl, name: "kl", latent: "z", dimensions: 12 },
      { ...kl, name: "kl/z1", title: "KL of z1", latent: "z1", dimensions: 2 },
      { ...kl, name: "kl/z2", title: "KL of z2", latent: "z2", dimensions: 1 },
    ]);
    expect(entries.map(({ name, dimension }) => [name, dimension])).toEqual([
      ["kl", 0],
      ["kl", 11],
      ["kl/z1", 0],
      ["kl/z1", 1],
      ["kl/z2", 0],
    ]);
  });
  it("loses the weights that it has twice, once beside their schedules", () => {
    const { entries } = read("beta", "objective.beta", "label.weight", "model.heads.0.weight");
    expect(entries.map(({ name }) => name)).toEqual(["objective.beta", "model.heads.0.weight"]);
  });
});
