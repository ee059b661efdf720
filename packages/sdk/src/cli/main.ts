#!/usr/bin/env node
import { runCommandLine } from './run-command-line.ts';
import { createProcessTerminal } from './terminal.ts';

const terminal = createProcessTerminal(process);
process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
