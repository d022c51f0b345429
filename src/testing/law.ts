/** A law that a component has to obey, as a function that throws where it does not: any test runner can run it. */
import { firstLine, type Problem, VaelabError } from "../errors.js";
import { append } from "../numerics/lists.js";

export interface Law {
  /** "bijection/planar: of [3], the inverse leads back". */
  readonly name: string;
  /** @throws CONTRACT with the name of the law, what was found and what was expected */
  check(): Promise<void>;
}

const problemsOf = (error: unknown): readonly Problem[] => {
  if (!(error instanceof VaelabError)) return [{ message: `it throws: ${firstLine(error)}` }];
  return error.problems.map(({ where, message, remedy }) => ({
    message: where === undefined ? message : `${where}: ${message}`,
    ...(remedy !== undefined && { remedy }),
  }));
};

/** @param component whom a failure is charged to: "prior/vamp" */
export const lawOf = (component: string, title: string, check: () => void | Promise<void>): Law => {
  const name = `${component}: ${title}`;
  return {
    name,
    check: async () => {
      try {
        await check();
      } catch (error) {
        const problems = problemsOf(error).map((problem) => ({ ...problem, where: name }));
        throw new VaelabError("CONTRACT", problems, { cause: error });
      }
    },
  };
};

/** Checks all laws, whichever fail. @throws CONTRACT with a line for each law that does not hold */
export const checkLaws = async (laws: readonly Law[]): Promise<void> => {
  const problems: Problem[] = [];
  for (const { check } of laws) {
    try {
      await check();
    } catch (error) {
      append(problems, (error as VaelabError).problems);
    }
  }
  if (problems.length > 0) throw new VaelabError("CONTRACT", problems);
};
