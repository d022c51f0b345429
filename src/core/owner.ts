/** Which component is at work, so that a complaint about an op can name whose op it is. */

const owners: string[] = [];

/** Runs `body` in the name of a component, "prior/vamp". */
export const asOwner = <T>(name: string, body: () => T): T => {
  owners.push(name);
  try {
    return body();
  } finally {
    owners.pop();
  }
};

/** The innermost component at work; none where only the framework is. */
export const currentOwner = (): string | undefined => owners.at(-1);
