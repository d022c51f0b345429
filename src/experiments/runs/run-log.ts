/** log.txt: what a reporter is told, with times, for whoever looks at a run later. */
import { appendFileSync } from "node:fs";
import { escapeControls } from "../../storage/control-characters.js";
import { asNotWritable } from "../../storage/files.js";
import { describeEarlyStop } from "../../storage/status.js";
import type { Clock } from "../services/clock.js";
import type { ProgressEvent, Reporter } from "./reporter.js";

const numbers = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
    .join("  ");

const lineOf = (event: ProgressEvent): string | undefined => {
  switch (event.type) {
    case "phase":
      return event.name;
    case "epoch":
      return `epoch ${event.epoch}/${event.epochs}  ${numbers(event.train)}${event.validation ? `  | validation  ${numbers(event.validation)}` : ""}`;
    case "stopped-early":
      return describeEarlyStop(event);
    case "warning":
      return `warning: ${event.message}`;
    default:
      return undefined;
  }
};

/** @throws NOT_WRITABLE */
export const appendToLog = (path: string, line: string, clock: Clock): void => {
  try {
    appendFileSync(path, `${clock.date().toISOString()}  ${escapeControls(line)}\n`);
  } catch (error) {
    throw asNotWritable(error, path);
  }
};

export const logged = (reporter: Reporter, path: string, clock: Clock): Reporter => ({
  event: (event) => {
    const line = lineOf(event);
    if (line !== undefined) appendToLog(path, line, clock);
    reporter.event(event);
  },
});
