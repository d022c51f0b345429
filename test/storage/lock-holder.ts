/** Takes the lock of a folder, says how that went, and holds it until its input ends. Arguments: folder, moment to start at. */
import { VaelabError } from "../../src/errors.js";
import { acquireLock } from "../../src/storage/lock.js";

while (Date.now() < Number(process.argv[3] ?? 0));
try {
  acquireLock(process.argv[2]!);
  process.stdout.write("held\n");
  process.stdin.resume();
} catch (error) {
  if (!(error instanceof VaelabError)) throw error;
  process.stdout.write(`${error.code} ${error.message}\n`);
}
