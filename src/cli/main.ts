#!/usr/bin/env node
/**
 * The command `vaelab`. Each command is one file of ./commands: what it takes stands there at once, what it does is imported
 * when it runs, so that help answers before anything heavy is read.
 */
import { outliveOutput } from "./output.js";
import { runProgram } from "./program.js";

outliveOutput();
process.exitCode = await runProgram(process.argv.slice(2));
