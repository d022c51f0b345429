import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VaelabError } from "../../src/errors.js";
import { type HistoryEntry, HistoryLog, readHistory } from "../../src/storage/history.js";

const newPath = (): string => join(mkdtempSync(join(tmpdir(), "vaelab-metrics-")), "history.jsonl");
const at = (step: number, value = step / 8): HistoryEntry => ({ step, epoch: 0, split: "train", name: "loss", value });

describe("the metrics log", () => {
  it("writes one line a measurement, with NaN and infinities as strings", () => {
    const path = newPath();
    const log = new HistoryLog(path);
    const measurements = [
      at(1, 0.1),
      at(2, Number.NaN),
      at(3, Number.POSITIVE_INFINITY),
      at(4, Number.NEGATIVE_INFINITY),
    ];
    for (const measurement of measurements) log.append(measurement);
    log.close();
    expect(readFileSync(path, "utf8")).toBe(
      [0.1, '"NaN"', '"Infinity"', '"-Infinity"']
        .map((value, i) => `{"epoch":0,"format":2,"name":"loss","split":"train","step":${i + 1},"value":${value}}\n`)
        .join(""),
    );
    expect(readHistory(path)).toEqual(measurements);
  });

  it("resumed at a checkpoint's offset ends with the bytes of one that never stopped", () => {
    const [whole, resumed] = [newPath(), newPath()];
    const log = new HistoryLog(whole);
    for (let step = 0; step < 5000; step++) log.append(at(step));
    log.close();

    const first = new HistoryLog(resumed);
    for (let step = 0; step < 2000; step++) first.append(at(step));
    const offset = first.flush();
    expect(offset).toBe(readFileSync(resumed).length);
    for (let step = 2000; step < 4000; step++) first.append(at(step, -1));
    first.write();
    appendFileSync(resumed, '{"cut');
    const second = new HistoryLog(resumed, offset);
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
      expect(() => new HistoryLog(path, offset)).toThrow(`a line to end at byte ${offset} of 14`);
    }
    expect(readFileSync(path, "utf8")).toBe("0123456789\nabc");
  });

  it("hands lines over by itself when many wait", () => {
    const path = newPath();
    const log = new HistoryLog(path);
    for (let step = 0; step < 2000; step++) log.append(at(step));
    expect(readHistory(path).length).toBeGreaterThan(1000);
    log.close();
  });

  it("says where it cannot write", () => {
    const folder = newPath();
    expect(() => new HistoryLog(join(folder, "history.jsonl"))).toThrow("cannot write: the folder is not there");
  });
});

describe("reading a metrics log", () => {
  it("leaves out a cut last line, and names a damaged one before it", () => {
    const path = newPath();
    const log = new HistoryLog(path);
    for (const step of [1, 2, 3]) log.append(at(step));
    log.close();
    const sound = readFileSync(path);
    for (let length = sound.length - 1; length > (sound.length / 3) * 2; length--) {
      writeFileSync(path, sound.subarray(0, length));
      expect(readHistory(path)).toEqual([at(1), at(2)]);
    }
    for (const line of [
      "{oops}",
      "[]",
      '{"step":1,"epoch":0,"split":"other","name":"loss","value":1}',
      '{"step":1,"epoch":0,"split":"test","name":"x","value":null}',
    ]) {
      writeFileSync(path, `${sound}${line}\n`);
      expect(() => readHistory(path)).toThrow(`${path}:4  not a line of a training history`);
    }
  });
});
