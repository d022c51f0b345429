/** What laws say of a component that breaks them. */
import { VaelabError } from "../../src/errors.js";
import type { Law } from "../../src/testing/law.js";

/** Messages of the laws that fail, among those whose names match. */
export const failuresOf = async (laws: readonly Law[], named = /./): Promise<string[]> => {
  const messages: string[] = [];
  const chosen = laws.filter(({ name }) => named.test(name));
  if (chosen.length === 0) throw new Error(`no law matches ${named}: ${laws.map(({ name }) => name).join("; ")}`);
  for (const { check } of chosen) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof VaelabError) || error.code !== "CONTRACT") throw error;
      messages.push(error.message);
    }
  }
  return messages;
};
