/** What a call throws, where it is an error of vaelab's own; any other is thrown on. */
import { VaelabError } from "../../src/errors.js";

export const errorOf = (call: () => unknown): VaelabError => {
  try {
    call();
  } catch (error) {
    if (error instanceof VaelabError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};
