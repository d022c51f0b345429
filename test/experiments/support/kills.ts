/**
 * Runs that are killed with SIGKILL at random moments and gone on with, compared with one that never was:
 *
 *     reference run ─ its phases and how long they took ─► a moment to strike ─► kill ─ kill ─ ... ─ to the end ─ same bytes?
 *
 * Every other kill waits for the file system instead: it strikes milliseconds after a checkpoint is begun, in the middle of it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stream } from "../../../src/numerics/streams.js";
import type { CliCopy, Started } from "./cli-copy.js";
import { bytesOf, differencesBetween } from "./folder-bytes.js";

export interface Kill {
  round: number;
  /** The phase that the run had told last. */
  phase: string;
  /** Since the process was started. */
  seconds: number;
  /** LATEST when it was killed. */
  latest: string;
  /** What the kill cut off, by temporary name. */
  cutOff: string[];
}
export interface Round {
  kills: Kill[];
  /** Exit code of the process that ended the run. */
  code: number | null;
  differences: string[];
}
interface Phase {
  name: string;
  from: number;
  to: number;
}

/** What a checkpoint of the size that is tested takes, about. */
const WRITE_MILLISECONDS = 20;
const BEGINNING = "starting";

/** Calls back with each phase that the process tells, its start included. */
const followPhases = ({ child }: Started, enter: (name: string) => void): void => {
  enter(BEGINNING);
  let rest = "";
  child.stdout.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const event = JSON.parse(line) as { type: string; name?: string };
      if (event.type === "phase") enter(event.name!);
    }
  });
};

/** Calls back whenever a checkpoint is begun, with how many before it. @returns what stops it. */
const watchCheckpoints = (run: string, begun: (before: number) => void): (() => void) => {
  const seen = new Set<string>();
  const see = (name: string | null): void => {
    if (name === null || !/^step-\d+\.tmp-/.test(name) || seen.has(name)) return;
    seen.add(name);
    begun(seen.size - 1);
  };
  const folder = join(run, "checkpoints");
  let watcher: ReturnType<typeof watch> | undefined;
  const poll = setInterval(() => {
    if (watcher || !existsSync(folder)) return;
    clearInterval(poll);
    watcher = watch(folder, (_, name) => see(name));
    for (const name of readdirSync(folder)) see(name);
  }, 1);
  return () => {
    clearInterval(poll);
    watcher?.close();
  };
};

const leftoversIn = (run: string): string[] =>
  existsSync(run)
    ? readdirSync(run, { recursive: true, encoding: "utf8" }).filter((path) => /\.(tmp|replaced)-[^/]*$/.test(path))
    : [];

export const killRounds = async (
  cli: CliCopy,
  spec: unknown,
  {
    folder,
    kills,
    seed,
    tell = () => {},
  }: { folder: string; kills: number; seed: number; tell?: (round: Round) => void },
): Promise<{ seconds: number; rounds: Round[] }> => {
  const random = stream(seed, "kills");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "spec.json");
  writeFileSync(file, JSON.stringify(spec));

  const reference = join(folder, "reference");
  const phases: Phase[] = [];
  let checkpoints = 0;
  const began = performance.now();
  const first = cli.start(["run", file, "--out", reference, "--json"]);
  followPhases(first, (name) => {
    const now = performance.now() - began;
    if (phases.length) phases.at(-1)!.to = now;
    phases.push({ name, from: now, to: now });
  });
  const stopCounting = watchCheckpoints(reference, () => checkpoints++);
  const { code, stderr } = await first.ended;
  stopCounting();
  const total = performance.now() - began;
  phases.at(-1)!.to = total;
  if (code !== 0) throw new Error(`the run that is not killed ended with ${code}:\n${stderr}`);
  const expected = bytesOf(reference);

  /** Undefined when it ended by itself before the moment came. */
  const killOnce = async (run: string, args: string[], round: number, inWrite: boolean): Promise<Kill | undefined> => {
    const started = performance.now();
    const process = cli.start(args);
    let phase = BEGINNING;
    const strike = (): boolean => process.child.kill("SIGKILL");
    let stop = (): void => {};
    if (inWrite) {
      const chosen = Math.floor(random() * checkpoints * 0.7);
      const delay = random() * WRITE_MILLISECONDS;
      stop = watchCheckpoints(run, (before) => {
        if (before === chosen) void sleep(delay).then(strike);
      });
      followPhases(process, (name) => {
        phase = name;
      });
    } else {
      const moment = random() * total;
      const target = phases.find(({ to }) => moment < to)!;
      followPhases(process, (name) => {
        phase = name;
        if (name === target.name) void sleep(moment - target.from).then(strike);
      });
    }
    const { signal, code: exit, stderr: said } = await process.ended;
    stop();
    if (signal !== "SIGKILL") {
      if (exit !== 0) throw new Error(`round ${round}: ended with ${exit} by itself:\n${said}`);
      return undefined;
    }
    const pointer = join(run, "checkpoints", "LATEST");
    return {
      round,
      phase,
      seconds: (performance.now() - started) / 1000,
      latest: existsSync(pointer) ? readFileSync(pointer, "utf8").split(" ")[0]! : "none",
      cutOff: leftoversIn(run),
    };
  };

  const rounds: Round[] = [];
  for (let done = 0; done < kills; ) {
    const round = rounds.length + 1;
    if (round > 3 * kills) throw new Error(`only ${done} of ${kills} kills struck in ${rounds.length} rounds`);
    const run = join(folder, `round-${round}`);
    // Before resolved.json is there nothing has begun, and the same command starts it again.
    const args = (): string[] =>
      existsSync(join(run, "resolved.json")) ? ["resume", run, "--json"] : ["run", file, "--out", run, "--json"];
    const struck: Kill[] = [];
    const wanted = Math.min(1 + Math.floor(random() * 3), kills - done);
    for (let i = 0; i < wanted; i++) {
      const kill = await killOnce(run, args(), round, (done + struck.length) % 2 === 1);
      if (!kill) break;
      struck.push(kill);
    }
    done += struck.length;
    const last = await cli.run(args());
    const result = { kills: struck, code: last.code, differences: differencesBetween(expected, bytesOf(run)) };
    rounds.push(result);
    tell(result);
  }
  return { seconds: total / 1000, rounds };
};
