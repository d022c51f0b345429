/** Records a call on two sets of inputs that differ in every value, to test whether a graph can replace it. */

import type { Host, HostTensors, Program, ProgramTools } from "../../../contracts/program.js";
import { VaelabError } from "../../../errors.js";
import { mapValues } from "../../../numerics/records.js";
import { toTensor } from "../../eager.js";
import { flatten } from "../../flat-program.js";
import type { Tape } from "../tape/tape.js";
import { compareTapes } from "./compare-tapes.js";
import { differing } from "./differing-inputs.js";
import { type Call, recordCall } from "./record-call.js";
import { type Difference, refuse } from "./refusal.js";
import type { Products } from "./stand-ins.js";

interface Recorded {
  tape: Tape;
  differences: Difference[];
}

const isRefusal = (error: unknown): boolean => error instanceof VaelabError && error.code === "CAPTURE";

const recordBoth = (program: Program, kernels: ProgramTools["kernels"], call: Call, other: HostTensors): Recorded => {
  // Shared by both recordings, because they may include a whole split.
  const constants = mapValues(program.constants ?? {}, toTensor);
  const record = (inputs: HostTensors, state: HostTensors, products: Products): Tape => {
    const given = { ...call, constants, inputs, state };
    try {
      return recordCall(program, kernels, { ...given, products });
    } catch (error) {
      if (isRefusal(error)) throw error;
      // Either the stand-ins misled the program or the program itself is at fault. Computing all products shows which.
      return recordCall(program, kernels, given);
    }
  };
  try {
    const tape = record(call.inputs, call.state, "of a few terms");
    const second = asOther(program, () => record(other, differing(call.state), "zeros"));
    return { tape, differences: compareTapes(tape, second) };
  } finally {
    for (const tensor of Object.values(constants)) tensor.dispose();
  }
};

const asOther = (program: Program, record: () => Tape): Tape => {
  try {
    return record();
  } catch (error) {
    // The first inputs were real and worked, so a failure on the second is not a fault of the program.
    if (isRefusal(error)) throw error;
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
 * Why a program cannot be captured, or undefined if it can.
 * @param other inputs with the same names, shapes and types that differ in every value; by default derived from `inputs`.
 */
export const recordTwice = <State, Inputs, Outputs>(
  program: Program<State, Inputs, Outputs>,
  kernels: ProgramTools["kernels"],
  inputs: Host<Inputs>,
  { other, variant = "" }: { other?: Host<Inputs>; variant?: string } = {},
): Difference[] => {
  const flat = flatten(program);
  const call = { state: flat.program.initialState, inputs: flat.inputs(inputs), variant };
  try {
    const different = other ? flat.inputs(other) : differing(call.inputs);
    return recordBoth(flat.program, kernels, call, different).differences;
  } catch (error) {
    if (!(error instanceof VaelabError) || !isRefusal(error)) throw error;
    const [{ message, where }] = error.problems as [{ message: string; where?: string }];
    const [op = message] = message.split(" ", 1);
    return [{ op, what: message.slice(op.length + 1), owner: where ?? program.name }];
  }
};
