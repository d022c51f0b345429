/**
 * Progress of commands, on stderr so that stdout holds only results: bars on a terminal, plain lines in a pipe. With --json
 * each event is an object on stdout instead.
 */
import { LOGGED_KINDS } from "../contracts/logged-figure.js";
import type { ProgressEvent, Reporter } from "../experiments/runs/reporter.js";
import { escapeControls } from "../storage/control-characters.js";
import { describeEarlyStop } from "../storage/status.js";
import { note, type OutputOptions, paint, printRecord } from "./output.js";

export interface ClosableReporter extends Reporter {
  /** Removes the bar, so that later output starts on its own line. */
  close(): void;
}
type Progress = Extract<ProgressEvent, { type: "progress" }>;

/** "41 s", "3 min 20 s", "2 h 5 min". */
export const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
const figure = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e7 ? String(value) : value.toPrecision(5);

type Epoch = Extract<ProgressEvent, { type: "epoch" }>;
/** The loss, its terms, the norms of gradients, and the weights that training had; the history has the other schedules. */
const figures = (values: Readonly<Record<string, number>>, declared: Epoch["figures"], weights: boolean): string =>
  Object.values(declared)
    .filter(({ name, kind, role }) => name in values && (kind !== "schedule" || (weights && role === "weight")))
    .sort((a, b) => LOGGED_KINDS.indexOf(a.kind) - LOGGED_KINDS.indexOf(b.kind))
    .map(({ name, title }) => `${title} ${figure(values[name]!)}`)
    .join("  ");

const details = ({ rate, secondsLeft, unit, details = {} }: Progress): string =>
  [
    ...(rate === undefined ? [] : [`${figure(Math.round(rate))} ${unit}/s`]),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
    ...Object.entries(details).map(([name, value]) => `${name} ${figure(value)}`),
  ].join("  ");

/** Line of an event; undefined for fine-grained progress, which only bars show. */
const lineOf = (event: Exclude<ProgressEvent, Progress>): string => {
  switch (event.type) {
    case "phase":
      return event.name;
    case "plugin":
      return `loading the plugin ${event.file}  (SHA-256 ${event.sha256.slice(0, 12)}...)`;
    case "epoch":
      return [
        `epoch ${String(event.epoch).padStart(String(event.epochs).length)}/${event.epochs}`,
        `train  ${figures(event.train, event.figures, true)}`,
        ...(event.validation ? [`validation  ${figures(event.validation, event.figures, false)}`] : []),
      ].join("  |  ");
    case "stopped-early":
      return describeEarlyStop(event);
    case "trial": {
      const took = event.seconds === undefined ? "" : ` in ${duration(event.seconds)}`;
      const stopped = event.stoppedEarly ? `, ${describeEarlyStop(event.stoppedEarly)}` : "";
      const choices = Object.entries(event.choices).map(
        ([path, value]) => `${path}=${typeof value === "string" ? value : JSON.stringify(value)}`,
      );
      const state = event.state === "failed" ? paint("red", event.state) : event.state;
      return `trial ${event.index + 1}/${event.total}  ${event.id}  ${choices.join(" ")}  ${state}${took}${stopped}`;
    }
    case "warning":
      return `${paint("yellow", "warning")}  ${event.message}`;
  }
};

/** Seconds between progress lines of one task in a pipe. */
const LINE_EVERY = 10;

const plainReporter = (): ClosableReporter => {
  const last = new Map<string, number>();
  return {
    event: (event) => {
      if (event.type !== "progress") {
        note(escapeControls(lineOf(event)));
        return;
      }
      const now = performance.now() / 1000;
      // The start counts as a line, so short tasks print none.
      if (!last.has(event.name)) last.set(event.name, now);
      const finished = event.done >= event.total;
      if (now - (last.get(event.name) ?? now) < LINE_EVERY) return;
      last.set(event.name, now);
      if (!finished)
        note(escapeControls(`${event.name}  ${event.done}/${event.total} ${event.unit}  ${details(event)}`));
    },
    close: () => {},
  };
};

/** One bar per name; parallel trials use distinct names. A printed line removes all bars until their next event. */
const terminalReporter = async (): Promise<ClosableReporter> => {
  const { default: progress } = await import("cli-progress");
  type MultiBar = InstanceType<typeof progress.MultiBar>;
  let display: MultiBar | undefined;
  const bars = new Map<string, ReturnType<MultiBar["create"]>>();
  const close = (): void => {
    display?.stop();
    display = undefined;
    bars.clear();
  };
  const open = (): MultiBar =>
    new progress.MultiBar(
      {
        format: "{name}  {bar}  {value}/{total} {unit}  {details}",
        stream: process.stderr,
        hideCursor: true,
        clearOnComplete: true,
        linewrap: false,
        barsize: 24,
        fps: 8,
      },
      progress.Presets.shades_classic,
    );
  return {
    event: (event) => {
      if (event.type !== "progress") {
        close();
        note(escapeControls(lineOf(event)));
        return;
      }
      const { name, done, total, unit } = event;
      // Bars write to the terminal directly.
      const payload = {
        name: escapeControls(name),
        unit: escapeControls(unit),
        details: escapeControls(details(event)),
      };
      const bar = bars.get(name);
      if (bar) {
        bar.setTotal(total);
        bar.update(done, payload);
      } else {
        display ??= open();
        bars.set(name, display.create(total, done, payload));
      }
      if (done >= total) close();
    },
    close,
  };
};

export const createReporter = async ({ json }: OutputOptions): Promise<ClosableReporter> => {
  if (json) return { event: printRecord, close: () => {} };
  return process.stderr.isTTY ? terminalReporter() : plainReporter();
};
