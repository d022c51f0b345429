/**
 * `npm run kills`: kills small runs with SIGKILL at seeded random moments, resumes them, and compares every byte that they leave
 * with a run that was never killed. Prints a line per kill; exit 1 if a byte differs.
 *
 *     npm run kills -- [--count 20] [--seed 1] [--keep]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadSources } from "./load-sources.mjs";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    keep: { type: "boolean", default: false },
  },
});
const kills = Number(options.count);
const seed = Number(options.seed);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed) || seed < 0) {
  console.error("--count takes a whole number, 1 or more; --seed takes one, 0 or more");
  process.exit(2);
}

const { killRounds, copyCli, SMALL_OFTEN_SAVED } = await loadSources(
  ...["kills", "cli-copy", "restart-spec"].map((name) => `test/experiments/support/${name}.ts`),
);
const folder = mkdtempSync(join(tmpdir(), "vaelab-kills-"));
const cli = copyCli();
const row = (...cells) =>
  console.log(cells.map((cell, i) => String(cell).padEnd([6, 6, 24, 9, 10, 12][i] ?? 0)).join(""));
try {
  row("kill", "round", "during", "after s", "LATEST", "end", "cut off in the middle");
  let count = 0;
  const { seconds, rounds } = await killRounds(cli, SMALL_OFTEN_SAVED, {
    folder,
    kills,
    seed,
    tell: ({ kills: struck, code, differences }) => {
      const end = code !== 0 ? `exit ${code}` : differences.length ? "DIFFERS" : "identical";
      for (const { round, phase, seconds: after, latest, cutOff } of struck)
        row(
          ++count,
          round,
          phase,
          after.toFixed(2),
          latest,
          end,
          cutOff.map((path) => path.replace(/-\d+-\w+$/, "")).join(" "),
        );
      for (const difference of differences) console.log(`      ${difference}`);
    },
  });
  const bad = rounds.filter(({ code, differences }) => code !== 0 || differences.length > 0);
  console.log(
    `${count} kills in ${rounds.length} runs of ${seconds.toFixed(1)} s: ${bad.length ? `${bad.length} runs differ from` : "all runs are identical to"} the one that was never killed`,
  );
  process.exitCode = bad.length ? 1 : 0;
} finally {
  cli.remove();
  if (options.keep) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
