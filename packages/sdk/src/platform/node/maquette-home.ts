import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Names and values of a process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder that holds everything Maquette keeps: `MAQUETTE_HOME`, else the platform's place for application data.
 *
 * @param env - Environment to read.
 * @param platform - As `process.platform` names it.
 * @param userHome - Home folder of the person.
 * @param workingFolder - What a relative `MAQUETTE_HOME` is relative to.
 * @source XDG Base Directory Specification 0.8; Apple File System Programming Guide; Windows known folders.
 */
export function maquetteHome(
  env: Environment,
  platform: string = process.platform,
  userHome: string = homedir(),
  workingFolder: string = process.cwd(),
): string {
  const paths = platform === 'win32' ? win32 : posix;
  if (env.MAQUETTE_HOME) return paths.resolve(workingFolder, env.MAQUETTE_HOME);
  if (platform === 'win32') return paths.join(env.LOCALAPPDATA ?? paths.join(userHome, 'AppData', 'Local'), 'Maquette');
  if (platform === 'darwin') return paths.join(userHome, 'Library', 'Application Support', 'Maquette');
  // the specification says a relative path there is to be ignored
  const dataFolder = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : paths.join(userHome, '.local', 'share');
  return paths.join(dataFolder, 'maquette');
}
