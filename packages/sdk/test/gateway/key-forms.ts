import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Ways in which a key can be written down, by name. A text that holds one of them tells the key. */
export function keyForms(key: string): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(key);
  const escaped = [...bytes].map((byte) => `%${byte.toString(16)}`).join('');
  const forms: [string, string][] = [
    ['as it is', key.toLowerCase()],
    ['in capitals', key.toUpperCase()],
    ['without hyphens', key.replaceAll('-', '')],
    ['in capitals without hyphens', key.replaceAll('-', '').toUpperCase()],
    ['percent-encoded', escaped],
    ['with percent-encoded hyphens', key.replaceAll('-', '%2D')],
    ['hexadecimal', bytes.toString('hex')],
  ];
  // where it begins decides how base64 looks; the ends depend on what stands around it
  for (let before = 0; before < 3; before += 1) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    forms.push([`base64, ${before} bytes in`, text.slice(before === 0 ? 0 : 4, 44)]);
  }
  const named: [string, Buffer][] = forms.map(([name, text]) => [name, Buffer.from(text)]);
  named.push(['UTF-16', Buffer.from(key, 'utf16le')]);
  return new Map(named);
}

/** Names of the forms of a key that occur in bytes. */
export function findKey(forms: ReadonlyMap<string, Buffer>, bytes: Uint8Array): string[] {
  const haystack = Buffer.from(bytes);
  return [...forms].filter(([, form]) => haystack.includes(form)).map(([name]) => name);
}

/** Every file below a folder that holds a key, with the form it has there. */
export function findKeyInFiles(forms: ReadonlyMap<string, Buffer>, folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .flatMap((name) => findKey(forms, readFileSync(join(folder, name))).map((form) => `${name}: ${form}`));
}

/** Ids of all processes of this machine whose command line holds a key. */
export function findKeyInArguments(forms: ReadonlyMap<string, Buffer>): string[] {
  if (!existsSync('/proc')) {
    const lines = execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    return lines
      .filter((line) => findKey(forms, Buffer.from(line)).length > 0)
      .map((line) => line.trim().split(' ')[0] ?? '');
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return findKey(forms, readFileSync(`/proc/${name}/cmdline`)).length > 0;
      } catch {
        return false; // it has ended since
      }
    });
}
