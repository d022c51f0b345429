/** The command-line program and its exit codes: 0 done, 1 failed, 2 invalid input, 75 resumable. */
import { Command, CommanderError } from "commander";
import { version } from "../engine/package-version.js";
import { EXIT, VaelabError } from "../errors.js";
import { asVaelabError } from "../tensor/fault.js";
import { addCompare } from "./commands/compare.js";
import { addConfig } from "./commands/config.js";
import { addData } from "./commands/data.js";
import { addDescribe } from "./commands/describe.js";
import { addDoctor } from "./commands/doctor.js";
import { addEncode } from "./commands/encode.js";
import { addEngine } from "./commands/engine.js";
import { addEvaluate } from "./commands/evaluate.js";
import { addImpute } from "./commands/impute.js";
import { addInterpolate } from "./commands/interpolate.js";
import { addList } from "./commands/list.js";
import { addPack } from "./commands/pack.js";
import { addPlan } from "./commands/plan.js";
import { addReconstruct } from "./commands/reconstruct.js";
import { addReport } from "./commands/report.js";
import { addResume } from "./commands/resume.js";
import { addRun } from "./commands/run.js";
import { addSample } from "./commands/sample.js";
import { addScore } from "./commands/score.js";
import { addServe } from "./commands/serve.js";
import { addTraverse } from "./commands/traverse.js";
import { addUnpack } from "./commands/unpack.js";
import { addValidate } from "./commands/validate.js";
import { withExamples } from "./options.js";
import { note, printLine, printProblems } from "./output.js";

const COMMANDS: readonly { group: string; add: readonly ((program: Command) => Command)[] }[] = [
  { group: "Experiments:", add: [addRun, addPlan, addResume] },
  { group: "Specs and components:", add: [addValidate, addConfig, addList, addDescribe] },
  {
    group: "Finished runs:",
    add: [
      addEvaluate,
      addSample,
      addReconstruct,
      addInterpolate,
      addTraverse,
      addEncode,
      addScore,
      addImpute,
      addServe,
      addReport,
      addCompare,
      addPack,
      addUnpack,
    ],
  },
  { group: "This machine:", add: [addData, addDoctor, addEngine] },
];

/** Commander throws its errors, so that only this file sets exit codes; subcommands inherit this. */
export const createProgram = (): Command => {
  const program = new Command("vaelab")
    .description("Experiments with variational autoencoders: one spec, one seeded run, one report.")
    .option("-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpCommand(
      new Command("help").argument("[command]").description("print a command's help").helpGroup("This machine:"),
    )
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  program.on("option:version", () => {
    printLine(version());
    throw new CommanderError(EXIT.done, "commander.version", "");
  });
  for (const { group, add } of COMMANDS) for (const each of add) each(program).helpGroup(group);
  return withExamples(
    program,
    "vaelab run examples/digits-beta.json",
    "vaelab run my.json --set objective.beta=4 --set seed=2",
    "vaelab describe prior/vamp",
    "vaelab resume runs/my-1a2b3c4d",
  );
};

/** Prints an error, one problem per line, with a stack trace only if VAELAB_DEBUG is set, and returns its exit code. */
const report = (error: unknown, args: readonly string[], commands: readonly string[]): number => {
  const json = args.includes("--json");
  if (process.env.VAELAB_DEBUG && error instanceof Error && !(error instanceof CommanderError))
    note(error.stack ?? error.message);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // Without a command, commander has printed the help.
    if (error.code === "commander.help") return EXIT.input;
    const command = args.slice(0, 1).filter((name) => commands.includes(name));
    const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
    const remedy = suggestion?.replace(/^\((.*)\)$/, "$1") ?? `Run: ${["vaelab", ...command, "--help"].join(" ")}`;
    printProblems([{ message, remedy }], "USAGE", json);
    return EXIT.input;
  }
  const { problems, code, exitCode } = asVaelabError(error);
  printProblems(problems, code, json);
  return exitCode;
};

/** An unset shell variable yields "", which as a path would mean the working folder. */
const assertNoneEmpty = (args: readonly string[]): void => {
  const index = args.indexOf("");
  if (index < 0) return;
  const message = index > 0 ? `the argument after "${args[index - 1]}" is empty` : "the first argument is empty";
  throw new VaelabError("USAGE", { message, remedy: "Leave it out, or give it a value." });
};

export const runProgram = async (args: readonly string[]): Promise<number> => {
  const program = createProgram();
  try {
    assertNoneEmpty(args);
    await program.parseAsync(args, { from: "user" });
    return EXIT.done;
  } catch (error) {
    return report(
      error,
      args,
      program.commands.map((command) => command.name()),
    );
  }
};
