/** Errors that no check foresaw, as errors of vaelab: memory that ran out, or a fault of vaelab or of a plugin. */
import { VaelabError } from "../errors.js";
import { ownerOf } from "./owner.js";
import { pluginLineOf } from "./plugin-frames.js";

/** What JavaScript, Node, TensorFlow (status 8, RESOURCE_EXHAUSTED), C++ and WebAssembly say when memory runs out. */
const OUT_OF_MEMORY = [
  /allocation failed/i,
  /^Invalid (typed array|array buffer|array|string) length/i,
  /^Cannot create (a Buffer larger|a string longer)/i,
  /^The value of "(size|length)" is out of range\..*Received \d/,
  /TF_Status: 8\b/,
  /OOM when allocating/,
  /bad_alloc/,
  /Memory\.grow/,
];

/** Whether memory ran out where this was thrown. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && OUT_OF_MEMORY.some((pattern) => pattern.test(error.message));

const REMEDY = "Make the model, the batch or the data set smaller, or use a machine with more memory.";

/** On one line: a foreign error's name and what it says first. */
const summaryOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message.trim().split("\n", 1)[0]}` : String(error);

export const asVaelabError = (error: unknown): VaelabError => {
  if (error instanceof VaelabError) return error;
  const owner = ownerOf(error);
  const what = `${summaryOf(error)}${owner ? ` (in ${owner})` : ""}`;
  if (isOutOfMemory(error)) {
    const said = error instanceof Error ? error.message.trim().split("\n").at(-1) : "";
    const message = `the memory ran out${owner ? `, in ${owner}` : ""}: ${said}`;
    return new VaelabError("MEMORY", { message, remedy: REMEDY }, { cause: error });
  }
  const line = pluginLineOf(error);
  if (line) {
    const message = `the plugin throws${owner ? `, in ${owner}` : ""}: ${summaryOf(error)}`;
    const remedy = "VAELAB_DEBUG=1 prints where from.";
    return new VaelabError("CONTRACT", { where: line, message, remedy }, { cause: error });
  }
  const whose = owner ? "Unless a plugin brought that component, this" : "This";
  const remedy = `${whose} is a fault in vaelab: please report it with the output of the same command under VAELAB_DEBUG=1.`;
  return new VaelabError("INTERNAL", { message: what, remedy }, { cause: error });
};
