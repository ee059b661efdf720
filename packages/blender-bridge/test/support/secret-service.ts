import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';

/** A session of a desktop with an unlocked key ring, for one test. */
export interface SecretService {
  /** What programs need in their environment to find it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts a message bus and a real Secret Service on it.
 *
 * @param scratch - The bus's socket and the ring go there, where a Blender with the same folder sees them.
 */
export async function startSecretService(scratch: string): Promise<SecretService> {
  const home = join(scratch, 'ring-home');
  mkdirSync(home, { mode: 0o700 });
  const address = `unix:path=${join(scratch, 'bus')}`;
  const env = { PATH: process.env.PATH ?? '', HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: address };
  const started: ChildProcess[] = [];
  const start = (command: string, args: readonly string[]): ChildProcess => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'inherit'] });
    started.push(child);
    return child;
  };
  const isOwned = (name: string): boolean =>
    spawnSync(
      'dbus-send',
      [
        ...['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus'],
        ...['/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner', `string:${name}`],
      ],
      { env, encoding: 'utf8' },
    ).stdout?.includes('true');
  start('dbus-daemon', ['--session', '--nofork', `--address=${address}`]);
  await vi.waitUntil(() => isOwned('org.freedesktop.DBus'), { timeout: 20_000 });
  start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets']).stdin?.end('ring-password');
  await vi.waitUntil(() => isOwned('org.freedesktop.secrets'), { timeout: 20_000 });
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    close: async () => {
      await Promise.all(
        started.toReversed().map(
          (child) =>
            new Promise((resolve) => {
              if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
              child.once('close', resolve);
              child.kill();
            }),
        ),
      );
    },
  };
}
