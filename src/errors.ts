/**
 * Everything that vaelab refuses or gives up on, in one catalogue: a code, the exit status it leads to, and what it means.
 * An error says what is wrong (`message`), where (`where`: file:line and pointer, or a path) and what would be right (`remedy`).
 */
export const EXIT = { done: 0, failed: 1, input: 2, interrupted: 75 } as const;

export const ERRORS = {
  SPEC_SYNTAX: { exit: EXIT.input, meaning: "a spec is not JSON" },
  SPEC_INVALID: { exit: EXIT.input, meaning: "a spec breaks its schema" },
  SPEC_EXTENDS: { exit: EXIT.input, meaning: "an `extends` cannot be followed" },
  SPEC_COMBINATION: { exit: EXIT.input, meaning: "parts that cannot work together" },
  SPEC_FLAG: { exit: EXIT.input, meaning: "a --set or --add that cannot be applied" },
  PLUGIN: { exit: EXIT.input, meaning: "a plugin that cannot be loaded, throws, or repeats a name" },
  DATA: { exit: EXIT.input, meaning: "data that cannot be read or are damaged" },
  USAGE: { exit: EXIT.input, meaning: "a command line that cannot be understood" },
  NOT_FOUND: { exit: EXIT.input, meaning: "a file or folder that is not there" },
  NOT_READABLE: { exit: EXIT.input, meaning: "a file or folder that cannot be read" },
  NOT_WRITABLE: { exit: EXIT.input, meaning: "a folder that cannot be written to" },
  RUN_FOLDER: { exit: EXIT.input, meaning: "a folder that is not the run or sweep that was asked for" },
  FORMAT: { exit: EXIT.input, meaning: "a run or sweep folder whose format this version does not read" },
  RUN_BUSY: { exit: EXIT.input, meaning: "a run folder that another process is using" },
  CHECKPOINT: { exit: EXIT.failed, meaning: "no checkpoint that matches its manifest" },
  ENGINE: { exit: EXIT.failed, meaning: "a tensor backend that cannot be loaded or built" },
  DIVERGED: { exit: EXIT.failed, meaning: "a loss or gradient that is not finite" },
  MEMORY: { exit: EXIT.failed, meaning: "a computation that takes more memory than there is" },
  FIGURE: { exit: EXIT.failed, meaning: "a figure that is not a finite number" },
  CAPTURE: { exit: EXIT.failed, meaning: "a computation that cannot be captured as a native graph" },
  CONTRACT: { exit: EXIT.failed, meaning: "a component that breaks its contract" },
  INTERRUPTED: { exit: EXIT.interrupted, meaning: "stopped by a signal; can be resumed" },
  KILLED: {
    exit: EXIT.failed,
    meaning: "a trial whose process was killed, and killed again when it was tried once more",
  },
  INTERNAL: { exit: EXIT.failed, meaning: "a fault in vaelab itself" },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export interface Problem {
  /** What is wrong, in one line. */
  message: string;
  /** file:line and JSON pointer, or a path. */
  where?: string;
  /** What would be right, in one line. */
  remedy?: string;
}

/** One line a problem: where, what is wrong, what would be right. */
export const describeProblem = ({ where, message, remedy }: Problem): string =>
  [where, remedy ? `${message.replace(/[.]$/, "")}. ${remedy}` : message].filter(Boolean).join("  ");

export class VaelabError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, problem: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const problems = Array.isArray(problem) ? (problem as readonly Problem[]) : [problem as Problem];
    super(problems.map(describeProblem).join("\n"), options);
    this.name = "VaelabError";
    this.code = code;
    this.problems = problems;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}

/** The first line of an error's message. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;

/** What an error says, on one line. */
export const reasonOf = (error: unknown): string =>
  error instanceof VaelabError
    ? error.problems.map(describeProblem).join("; ")
    : (error instanceof Error ? error.message : String(error))
        .trim()
        .split(/\s*\n\s*/)
        .join("; ");
