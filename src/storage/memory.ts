/** Memory still available to this process in bytes: free memory of the machine, or less within a limited container. */
import { freemem, platform, totalmem } from "node:os";
import { containerMemory } from "./container-memory.js";

/** Other systems count cached files as free memory; macOS counts only unused memory, of which there is always little. */
const machineMemory = (): number => (platform() === "darwin" ? totalmem() : freemem());

export const availableMemory = (): number => Math.min(machineMemory(), containerMemory());

/** "1.5 GiB", "12.0 MiB". */
export const describeBytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
