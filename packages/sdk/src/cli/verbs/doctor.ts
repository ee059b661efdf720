import { examine } from '../../platform/node/doctor/examine.ts';
import { createCommandHost } from '../open-studio.ts';
import { oneLine, printJson } from '../report.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type VerbCall } from '../verb.ts';

const MARKS = { ok: 'ok   ', note: 'note ', fault: 'FAULT' } as const;

/** `maquette doctor`. */
export async function runDoctor({ positionals, values, terminal, version }: VerbCall): Promise<number> {
  if (positionals.length > 0) throw new UsageError('doctor takes no arguments.');
  const findings = await examine({ ...createCommandHost(terminal), env: terminal.env, version });
  for (const finding of findings) {
    if (isSet(values, 'json')) printJson(terminal, { type: 'finding', ...finding });
    else terminal.print(`${MARKS[finding.state]}  ${finding.check.padEnd(16)}${oneLine(finding.message)}`);
  }
  const faults = findings.filter((finding) => finding.state === 'fault');
  if (faults.length > 0) terminal.note(`maquette: ${faults.length} of ${findings.length} checks found a fault.\n`);
  return faults.length === 0 ? EXIT.done : EXIT.failed;
}
