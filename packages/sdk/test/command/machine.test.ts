import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Finished, parseLines, type Sandbox } from './sandbox.ts';

const SECRET = 'mq-test-0123456789abcdef';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(async () => {
  await sandbox.remove();
});

describe('maquette doctor', () => {
  it('finds everything in order on a fresh machine', async () => {
    const { status, stdout, stderr } = await sandbox.run(['doctor', '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const findings = new Map(parseLines(stdout).map((finding) => [finding.check, finding]));
    for (const check of ['node', 'home folder', 'job database', 'codecs', 'provider local']) {
      expect(findings.get(check)).toMatchObject({ type: 'finding', state: 'ok' });
    }
    expect(findings.get('node')?.message).toContain(process.version);
    expect(findings.get('codecs')?.message).toContain('simplifier');
    expect([...findings.keys()]).toEqual(expect.arrayContaining(['key store', 'network', 'free space']));
    expect((await sandbox.run(['doctor'])).stdout).toMatch(/^ok +node +v\d/m);
  });

  it('names proxies without their passwords', async () => {
    const { stdout } = await sandbox.run(['doctor'], { env: { HTTPS_PROXY: `http://me:${SECRET}@proxy.test:8080` } });
    expect(stdout).toContain('proxy.test:8080');
    expect(stdout).not.toContain(SECRET);
  });

  it('finds a home that cannot be used', async () => {
    await writeFile(join(sandbox.folder, 'home'), '');
    const { status, stdout, stderr } = await sandbox.run(['doctor'], { env: { MAQUETTE_HOME: 'home' } });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAULT +home folder/m);
    expect(stderr).toMatch(/checks found a fault/);
  });
});

describe('maquette providers', () => {
  it('lists what each can make', async () => {
    const lines = parseLines((await sandbox.run(['providers', '--json'])).stdout);
    expect(lines).toMatchObject([
      {
        type: 'provider',
        id: 'local',
        offline: true,
        outputs: { text: ['mesh'] },
        needsKey: false,
        isReady: true,
        isDefault: true,
      },
      {
        type: 'provider',
        id: '404',
        offline: false,
        outputs: { text: ['splat'], image: ['mesh', 'splat'] },
        needsKey: true,
        isReady: false,
        isDefault: false,
      },
    ]);
    expect((await sandbox.run(['providers'])).stdout).toMatch(/^local \(default\).*\n404: 404-GEN\n/s);
  });

  it('says which gateway address cannot be used, and works without it', async () => {
    const env = { MAQUETTE_404_URL: 'http://gateway.example.com' };
    expect((await sandbox.run(['providers'], { env })).status).toBe(0);
    const doctor = await sandbox.run(['doctor'], { env });
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toMatch(/^FAULT +provider 404 .*MAQUETTE_404_URL/m);
    const refused = await sandbox.run(['generate', 'a lamp', '--provider', '404', '--dry-run'], { env });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^maquette: [^\n]*MAQUETTE_404_URL[^\n]* \[CONFIG_MISSING\]\n {2}\S[^\n]*\n$/);
  });
});

describe('help', () => {
  it('is printed on stdout, for the command and for every verb, without opening anything', async () => {
    const { status, stdout } = await sandbox.run(['--help']);
    expect(status).toBe(0);
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1] as string);
    expect(verbs).toEqual(['generate', 'lod', 'inspect', 'jobs', 'serve', 'providers', 'key', 'doctor']);
    for (const verb of verbs) {
      const help = await sandbox.run([verb, '--help']);
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: maquette ${verb}`);
      expect(help.stdout).not.toContain('--detached');
    }
    expect((await sandbox.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
    expect(sandbox.names()).toEqual([]);
  });
});

describe('maquette key without a key store', () => {
  it('takes no key from nowhere', async () => {
    for (const input of ['', ' \n']) {
      const { status, stderr } = await sandbox.run(['key', 'set', 'local'], { input });
      expect(status).toBe(1);
      expect(stderr).toMatch(/INPUT_INVALID/);
    }
    const broken = await sandbox.run(['key', 'set', 'local'], { input: `${SECRET}\nsecond line` });
    expect(broken.status).toBe(1);
    expect(broken.stdout + broken.stderr).not.toContain(SECRET);
  });

  it('says in one sentence that there is none, and how to do without', async () => {
    // no message bus: nobody can answer
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
    const { status, stdout, stderr } = await sandbox.run(['key', 'set', 'local'], { input: `${SECRET}\n`, env });
    if (process.platform !== 'linux') return;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^maquette: [^\n]+\. \[UNSUPPORTED_ON_HOST\]\n {2}[^\n]*MAQUETTE_LOCAL_KEY[^\n]*\n$/);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it('shows that one is set in the environment, never which', async () => {
    const env = { MAQUETTE_LOCAL_KEY: SECRET };
    const { status, stdout, stderr } = await sandbox.run(['key', 'list', '--json'], { env });
    expect(status).toBe(0);
    expect(parseLines(stdout)).toMatchObject([
      { type: 'key', provider: 'local', source: 'environment' },
      { type: 'key', provider: '404', source: null, isNeeded: true },
    ]);
    expect(stdout + stderr).not.toContain(SECRET);
  });
});

const hasSecretService = (() => {
  try {
    for (const program of ['dbus-run-session', 'gnome-keyring-daemon'])
      execFileSync(program, ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    const reason =
      'a real Secret Service needs dbus-run-session and gnome-keyring-daemon (Debian: dbus, gnome-keyring)';
    if (process.env.CI) throw new Error(reason);
    process.stderr.write(`Left out: tests of the key store; ${reason}.\n`);
    return false;
  }
})();

describe.runIf(hasSecretService)('maquette key with a real Secret Service', () => {
  /** Runs lines of shell in a session with an unlocked key ring; `"$@"` in them is the command. */
  const inSession = (script: string): Promise<Finished> => {
    const lines = [
      'printf ring-password | gnome-keyring-daemon --foreground --unlock --components=secrets >&2 & ring=$!',
      'ask="dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner"',
      'for _ in $(seq 100); do $ask string:org.freedesktop.secrets | grep -q true && break; sleep 0.1; done',
      `(${script})`,
      'status=$?; kill $ring; wait $ring; exit $status',
    ];
    return sandbox.run([], { under: ['dbus-run-session', '--', 'bash', '-c', lines.join('\n'), 'bash'] });
  };

  it('keeps a key, shows that it is there, and removes it', async () => {
    const { stdout, stderr, status } = await inSession(`
      set -e
      printf '${SECRET}\\n' | "$@" key set 404
      "$@" key list --json
      "$@" doctor --json | grep '"key store"'
      "$@" key remove 404
      "$@" key list --json
      "$@" key remove 404 --json
    `);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { type: 'key', provider: 'local', source: null, inStore: false },
      { type: 'key', provider: '404', source: 'key-store', inStore: true },
      { type: 'finding', check: 'key store', state: 'ok' },
      { type: 'key', provider: 'local', source: null, inStore: false },
      { type: 'key', provider: '404', source: null, inStore: false },
      { type: 'key-removed', provider: '404', wasThere: false },
    ]);
    expect(stdout + stderr).not.toContain(SECRET);
    for (const entry of await readdir(sandbox.home, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'latin1')).not.toContain(SECRET);
    }
  });
});
