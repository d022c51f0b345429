/** What is computed once a data set, apart from the user's own and anew for every run of the tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default (): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-computed-"));
  process.env.VAELAB_CACHE_DIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
};
