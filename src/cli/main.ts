#!/usr/bin/env node
/**
 * The command `vaelab`. Each command is one file in ./commands. It declares its arguments eagerly and imports its
 * implementation when it runs, so that help needs no heavy modules.
 */
import { outliveOutput } from "./output.js";
import { runProgram } from "./program.js";

outliveOutput();
process.exitCode = await runProgram(process.argv.slice(2));
