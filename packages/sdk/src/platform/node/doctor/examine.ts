import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSdkError, toSdkError } from '../../../foundation/errors.ts';
import type { Provider } from '../../../provider/provider.ts';
import type { Finding } from '../../../service/service.ts';
import { databasePath, openJobDatabase } from '../job-database.ts';
import { createKeyStore, environmentNameOf } from '../key-store.ts';
import type { Environment } from '../maquette-home.ts';
import type { NodeHost } from '../node-host.ts';
import { proxySettingsOf } from '../node-http.ts';
import { assertFolderWritable } from '../writable-folder.ts';

const LEAST_NODE: readonly [major: number, minor: number] = [22, 13];
const LEAST_FREE_BYTES = 512 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

/** What the doctor looks at. */
export interface ExamineOptions {
  readonly host: NodeHost;
  readonly providers: readonly Provider[];
  /** Environment with the proxies. */
  readonly env: Environment;
  /** Version of this program. */
  readonly version: string;
}

/** Looks at everything Maquette needs on this machine. Asks nobody on the network. */
export async function examine({ host, providers, env, version }: ExamineOptions): Promise<readonly Finding[]> {
  const findings: Finding[] = [
    { check: 'maquette', state: 'ok', message: version },
    checkNode(),
    ...(await checkHome(host.home)),
    await checkDatabase(host.home),
    await checkKeyStore(),
    checkProxies(env),
    await checkCodecs(),
  ];
  for (const provider of providers) findings.push(await checkProvider(provider, host));
  return findings;
}

async function checkProvider(provider: Provider, host: NodeHost): Promise<Finding> {
  const { credential, trustedOrigins } = provider.describe();
  const check = `provider ${provider.id}`;
  if (credential === undefined) return { check, state: 'ok', message: 'needs no key' };
  if (trustedOrigins?.length === 0) {
    const message = `the address in ${environmentNameOf(credential.name).replace(/_KEY$/, '_URL')} cannot be used`;
    return { check, state: 'fault', message };
  }
  const source = await host.credentialSource(credential.name);
  if (source === null) {
    return { check, state: 'note', message: `no key is set; maquette key set ${provider.id}` };
  }
  const place = source === 'environment' ? environmentNameOf(credential.name) : 'the key store';
  return { check, state: 'ok', message: `key from ${place}` };
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
    const store = await openJobDatabase(home);
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

function checkProxies(env: Environment): Finding {
  const { httpProxy, httpsProxy, noProxy } = proxySettingsOf(env);
  const parts = [
    ...(httpsProxy === '' ? [] : [`https through ${withoutPassword(httpsProxy)}`]),
    ...(httpProxy === '' ? [] : [`http through ${withoutPassword(httpProxy)}`]),
    ...(noProxy === '' ? [] : [`none for ${noProxy}`]),
    ...(env.NODE_EXTRA_CA_CERTS ? [`certificates of ${env.NODE_EXTRA_CA_CERTS}`] : []),
  ];
  return { check: 'network', state: 'ok', message: parts.length === 0 ? 'no proxy is set' : parts.join(', ') };
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//…@');
}

async function checkCodecs(): Promise<Finding> {
  try {
    const { createNodeCodecs } = await import('../codecs.ts');
    const names = Object.keys(await createNodeCodecs());
    return { check: 'codecs', state: names.includes('simplifier') ? 'ok' : 'fault', message: names.join(', ') };
  } catch (error) {
    return { check: 'codecs', state: 'fault', message: `cannot be loaded: ${toSdkError(error).message}` };
  }
}
