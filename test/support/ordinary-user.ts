/** Root may read and write anywhere, so a test of permissions hands its folder to nobody and calls as nobody. */
import { chownSync } from "node:fs";

const NOBODY = 65534;

export const asOrdinaryUser = <T>(folder: string, call: () => T): T => {
  if (process.geteuid?.() !== 0) return call();
  chownSync(folder, NOBODY, NOBODY);
  process.seteuid!(NOBODY);
  try {
    return call();
  } finally {
    process.seteuid!(0);
  }
};
