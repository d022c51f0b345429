/** The tensors in groups, by the names of their groups and their own: "elbo/loss". */
import type { HostTensor, HostTensors } from "../../src/contracts/program.js";

export const tensorsIn = (groups: object, path = ""): HostTensors =>
  Object.fromEntries(
    Object.entries(groups).flatMap(([name, value]): [string, HostTensor][] =>
      "data" in value ? [[path + name, value]] : Object.entries(tensorsIn(value, `${path}${name}/`)),
    ),
  );
