/** Whether a command ended as it must, and what is wrong if it did not. */

/** Processor time of one command, in seconds; its memory, in bytes. */
export const LIMITS = { seconds: 5, memory: 2 ** 30 };

/** What no user should see. */
const FAULTS = [
  [/^\s+at .+:\d+:\d+\)?$/m, "a stack trace"],
  [/is a fault in vaelab/, "a fault in vaelab"],
  [/\b(Type|Range|Reference|Syntax|Internal|Assertion|Eval|URI)Error\b/, "an error's class"],
  [
    /Cannot read propert|is not a function|is not iterable|Maximum call stack|\[object Object\]/,
    "an error of the language",
  ],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  [/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, "a control character"],
];

/**
 * Whether a command was interrupted in a training step that takes longer than a command may. A native step cannot be cut short, and
 * its length is that of the model that was asked for, so this says nothing about vaelab.
 */
export const isInLongStep = ({ seconds, interrupted, text }) =>
  interrupted && seconds > LIMITS.seconds && text.endsWith("training\n");

/**
 * @param ended of a command: code, signal, text, seconds, memory, interrupted; `escaped`: what it wrote outside its folder;
 * `wroteEarly`: whether it wrote before it refused; `mayTrain`: whether it takes the memory and the time that its model needs
 * @returns what is wrong; undefined if nothing is
 */
export const verdictOf = ({
  code,
  signal,
  text,
  seconds,
  memory,
  interrupted,
  escaped = [],
  wroteEarly = false,
  mayTrain = false,
}) => {
  if (escaped.length > 0) return `wrote outside its folder: ${escaped.join(", ")}`;
  for (const [pattern, what] of FAULTS) {
    const found = pattern.exec(text);
    if (found) return `prints ${what}: ${JSON.stringify(text.slice(Math.max(0, found.index - 80), found.index + 160))}`;
  }
  if (mayTrain && isInLongStep({ seconds, interrupted, text })) return undefined;
  if (memory > LIMITS.memory && !mayTrain) return `takes ${(memory / 2 ** 20).toFixed(0)} MiB`;
  if (seconds > LIMITS.seconds) return `takes ${seconds.toFixed(1)} s${interrupted ? " after Ctrl-C" : ""}`;
  if (signal) return `ends by ${signal}`;
  if (code === 75 && interrupted) return undefined;
  if (![0, 1, 2].includes(code)) return `ends with exit code ${code}`;
  if (code !== 0 && text.trim() === "") return `ends with exit code ${code} and says nothing`;
  if (wroteEarly) return "refuses the input after it wrote to its output folder";
  return undefined;
};
