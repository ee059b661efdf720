// Writes the helper as it is packaged. Usage: node bundle-helper.mjs FILE
import { writeFileSync } from 'node:fs';
import { bundleHelper } from '../../../../scripts/package/bundle-helper.ts';

writeFileSync(process.argv[2], (await bundleHelper('module')).code);
