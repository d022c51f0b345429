/**
 * A call recorded on two sets of inputs that differ in every value: the test of whether a graph can stand for it. The second
 * set is made up, and so are its large products, of zeros: to compute them would take as long as all the rest.
 */

import { VaelabError } from "../../core/errors.js";
import type { HostTensors, Program, ProgramTools } from "../../core/program.js";
import { mapValues } from "../../core/records.js";
import { toTensor } from "../eager.js";
import { compareTapes } from "./compare.js";
import { differing } from "./differing.js";
import { type Call, recordCall } from "./record-call.js";
import { type Difference, refuse } from "./refusal.js";
import type { Tape } from "./tape.js";

interface Recorded {
  tape: Tape;
  differences: Difference[];
}

const recordBoth = (program: Program, kernels: ProgramTools["kernels"], call: Call, other: HostTensors): Recorded => {
  // Once for both: a whole split may be among them.
  const constants = mapValues(program.constants ?? {}, toTensor);
  try {
    const tape = recordCall(program, kernels, { ...call, constants });
    const second = recordOther(program, kernels, { ...call, constants, inputs: other, state: differing(call.state) });
    return { tape, differences: compareTapes(tape, second) };
  } finally {
    for (const tensor of Object.values(constants)) tensor.dispose();
  }
};

const recordOther = (program: Program, kernels: ProgramTools["kernels"], call: Call): Tape => {
  try {
    return recordCall(program, kernels, { ...call, products: "zeros" });
  } catch {
    // Zeros are unlike what the program meets, or it is at fault itself: with all of it computed, that shows.
  }
  try {
    return recordCall(program, kernels, call);
  } catch (error) {
    // The first set of values is real and went through: what fails on the second is no fault of the program's.
    if (error instanceof VaelabError && error.code === "CAPTURE") throw error;
    const what = `cannot be called with other inputs: ${(error as Error).message.split("\n")[0]}`;
    throw refuse({ op: "the second recording", what, owner: program.name }, error);
  }
};

/** @throws CAPTURE, naming the op and the component at fault. */
export const recordSteadily = (program: Program, kernels: ProgramTools["kernels"], call: Call): Tape => {
  const { tape, differences } = recordBoth(program, kernels, call, differing(call.inputs));
  if (differences[0]) throw refuse(differences[0]);
  return tape;
};

/**
 * What keeps a program from being captured; nothing where it can be.
 * @param other inputs of the same names, shapes and types, every value of which differs. Default: made from `inputs`.
 */
export const recordTwice = (
  program: Program,
  kernels: ProgramTools["kernels"],
  inputs: HostTensors,
  { other = differing(inputs), variant = "" }: { other?: HostTensors; variant?: string } = {},
): Difference[] => {
  try {
    return recordBoth(program, kernels, { state: program.initialState, inputs, variant }, other).differences;
  } catch (error) {
    if (!(error instanceof VaelabError) || error.code !== "CAPTURE") throw error;
    const [{ message, where }] = error.problems as [{ message: string; where?: string }];
    const [op = message] = message.split(" ", 1);
    return [{ op, what: message.slice(op.length + 1), owner: where ?? program.name }];
  }
};
