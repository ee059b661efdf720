import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSdkError, toSdkError } from '../../foundation/errors.ts';
import { createKeyStore, environmentNameOf } from '../../platform/node/key-store.ts';
import { proxySettingsOf } from '../../platform/node/node-http.ts';
import { assertFolderWritable } from '../../platform/node/writable-folder.ts';
import { createCommandHost, databasePath, openStore } from '../open-studio.ts';
import { oneLine, printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type VerbCall } from '../verb.ts';

/** What one look found. A `note` is worth knowing and no fault. */
interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'note' | 'fault';
  readonly message: string;
}

const LEAST_NODE: readonly [major: number, minor: number] = [22, 13];
const LEAST_FREE_BYTES = 512 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;
const MARKS = { ok: 'ok   ', note: 'note ', fault: 'FAULT' } as const;

/** `maquette doctor`. */
export async function runDoctor({ positionals, values, terminal, version }: VerbCall): Promise<number> {
  if (positionals.length > 0) throw new UsageError('doctor takes no arguments.');
  const { host, providers } = createCommandHost(terminal);
  const findings: Finding[] = [
    { check: 'maquette', state: 'ok', message: version },
    checkNode(),
    ...(await checkHome(host.home)),
    await checkDatabase(host.home),
    await checkKeyStore(),
    checkProxies(terminal),
    await checkCodecs(),
  ];
  for (const provider of providers) {
    const { credential, trustedOrigins } = provider.describe();
    if (credential !== undefined && trustedOrigins?.length === 0) {
      const message = `the address in ${environmentNameOf(credential.name).replace(/_KEY$/, '_URL')} cannot be used`;
      findings.push({ check: `provider ${provider.id}`, state: 'fault', message });
      continue;
    }
    const source = credential === undefined ? null : await host.credentialSource(credential.name);
    findings.push({
      check: `provider ${provider.id}`,
      state: credential === undefined || source !== null ? 'ok' : 'note',
      message:
        credential === undefined
          ? 'needs no key'
          : source === null
            ? `no key is set; maquette key set ${provider.id}`
            : `key from ${source === 'environment' ? environmentNameOf(credential.name) : 'the key store'}`,
    });
  }
  for (const finding of findings) {
    if (isSet(values, 'json')) printJson(terminal, { type: 'finding', ...finding });
    else terminal.print(`${MARKS[finding.state]}  ${finding.check.padEnd(16)}${oneLine(finding.message)}`);
  }
  const faults = findings.filter((finding) => finding.state === 'fault');
  if (faults.length > 0) terminal.note(`maquette: ${faults.length} of ${findings.length} checks found a fault.\n`);
  return faults.length === 0 ? EXIT.done : EXIT.failed;
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    check: 'node',
    state: isEnough ? 'ok' : 'fault',
    message: `${process.version} on ${process.platform} ${process.arch}${isEnough ? '' : `, at least ${LEAST_NODE.join('.')} is needed`}`,
  };
}

async function checkHome(home: string): Promise<Finding[]> {
  const probe = join(home, `doctor-${process.pid}.probe`);
  try {
    await assertFolderWritable(home, 'Set MAQUETTE_HOME to a folder that can be written.');
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(probe, 'written by maquette doctor');
    await rm(probe);
    const disk = await statfs(home);
    const freeBytes = disk.bavail * disk.bsize;
    return [
      { check: 'home folder', state: 'ok', message: `${home} can be written` },
      {
        check: 'free space',
        state: freeBytes < LEAST_FREE_BYTES ? 'note' : 'ok',
        message: `${Math.floor(freeBytes / MEBIBYTE)} MiB on that disk`,
      },
    ];
  } catch (error) {
    if (isSdkError(error)) return [{ check: 'home folder', state: 'fault', message: error.message }];
    const code = (error as { code?: string }).code ?? String(error);
    return [{ check: 'home folder', state: 'fault', message: `${home} cannot be written (${code})` }];
  }
}

async function checkDatabase(home: string): Promise<Finding> {
  try {
    const store = await openStore(home);
    const jobs = await store.list();
    await store.close();
    return { check: 'job database', state: 'ok', message: `${databasePath(home)}, ${jobs.length} jobs` };
  } catch (error) {
    return {
      check: 'job database',
      state: 'fault',
      message: `${toSdkError(error).message} [${toSdkError(error).code}]`,
    };
  }
}

async function checkKeyStore(): Promise<Finding> {
  try {
    // a name nobody uses: reading it shows that the store answers
    await createKeyStore().get('doctor');
    return { check: 'key store', state: 'ok', message: 'the key store of the operating system answers' };
  } catch (error) {
    const message = isSdkError(error) ? error.message : String(error);
    return { check: 'key store', state: 'note', message: `${message} Keys can be given by environment variables.` };
  }
}

function checkProxies(terminal: Terminal): Finding {
  const { httpProxy, httpsProxy, noProxy } = proxySettingsOf(terminal.env);
  const parts = [
    ...(httpsProxy === '' ? [] : [`https through ${withoutPassword(httpsProxy)}`]),
    ...(httpProxy === '' ? [] : [`http through ${withoutPassword(httpProxy)}`]),
    ...(noProxy === '' ? [] : [`none for ${noProxy}`]),
    ...(terminal.env.NODE_EXTRA_CA_CERTS ? [`certificates of ${terminal.env.NODE_EXTRA_CA_CERTS}`] : []),
  ];
  return { check: 'network', state: 'ok', message: parts.length === 0 ? 'no proxy is set' : parts.join(', ') };
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//…@');
}

async function checkCodecs(): Promise<Finding> {
  try {
    const { createNodeCodecs } = await import('../../platform/node/codecs.ts');
    const names = Object.keys(await createNodeCodecs());
    return { check: 'codecs', state: names.includes('simplifier') ? 'ok' : 'fault', message: names.join(', ') };
  } catch (error) {
    return { check: 'codecs', state: 'fault', message: `cannot be loaded: ${toSdkError(error).message}` };
  }
}
