import { describe, expect, it } from 'vitest';
import { maquetteHome } from './maquette-home.ts';

describe('maquetteHome', () => {
  it('is MAQUETTE_HOME, relative to the folder of the call', () => {
    expect(maquetteHome({ MAQUETTE_HOME: '/data' }, 'linux', '/home/a', '/work')).toBe('/data');
    expect(maquetteHome({ MAQUETTE_HOME: 'data' }, 'linux', '/home/a', '/projects')).toBe('/projects/data');
    expect(maquetteHome({ MAQUETTE_HOME: '' }, 'linux', '/home/a', '/work')).toBe('/home/a/.local/share/maquette');
  });

  it('else the place of the platform', () => {
    expect(maquetteHome({}, 'linux', '/home/a', '/')).toBe('/home/a/.local/share/maquette');
    expect(maquetteHome({ XDG_DATA_HOME: '/x' }, 'linux', '/home/a', '/')).toBe('/x/maquette');
    expect(maquetteHome({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/a', '/')).toBe('/home/a/.local/share/maquette');
    expect(maquetteHome({}, 'darwin', '/Users/a', '/')).toBe('/Users/a/Library/Application Support/Maquette');
    expect(maquetteHome({ LOCALAPPDATA: 'C:\\Data' }, 'win32', 'C:\\Users\\a', 'C:\\')).toBe('C:\\Data\\Maquette');
    expect(maquetteHome({}, 'win32', 'C:\\Users\\a', 'C:\\')).toBe('C:\\Users\\a\\AppData\\Local\\Maquette');
  });
});
