/** How much memory this process may still take, in bytes: what the machine has free, or less where its container is limited. */
import { freemem } from "node:os";

export const availableMemory = (): number => process.availableMemory?.() ?? freemem();

/** "1.5 GiB", "12.0 MiB". */
export const describeBytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
