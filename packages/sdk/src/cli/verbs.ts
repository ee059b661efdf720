import type { Verb, VerbOption } from './verb.ts';

const JSON_LINES: VerbOption = { type: 'boolean', help: 'Print one JSON object per line on stdout.' };
const FORCE: VerbOption = { type: 'boolean', help: 'Overwrite a folder that is not empty.' };
const PROFILE: VerbOption = {
  type: 'string',
  value: 'NAME',
  help: 'Importer the levels are made for: unity, blender, web or print. Default web.',
};
const LEVELS: VerbOption = {
  type: 'string',
  value: 'N',
  help: 'Number of levels, 1 to 6: the original, then 50, 25, 10, 5, 2 % of its triangles or gaussians. Default 4.',
};

/** Verbs of the public contract that this version does not have. */
export const MISSING_VERBS: readonly string[] = ['convert'];

/** Every verb, in the order of the help text. */
export const VERBS: readonly Verb[] = [
  {
    name: 'generate',
    summary: 'Make an asset from a prompt.',
    usage: 'generate "<prompt>" [options]',
    options: {
      provider: { type: 'string', value: 'ID', help: 'Who makes it. Default MAQUETTE_PROVIDER, else local.' },
      output: { type: 'string', value: 'KIND', help: 'mesh or splat. Default: what provider and input can make.' },
      image: { type: 'string', value: 'FILE', help: 'Picture to work from.' },
      seed: { type: 'string', value: 'N', help: 'Seed, 0 to 2147483647. Default: a new one.' },
      model: { type: 'string', value: 'NAME', help: 'Model of the provider.' },
      option: { type: 'string', value: 'KEY=VALUE', help: 'Option of the provider.', multiple: true },
      height: { type: 'string', value: 'LENGTH', help: 'Real height: 1.2m, 80cm, 45mm or 1.2.' },
      profile: PROFILE,
      levels: LEVELS,
      out: { type: 'string', value: 'DIR', help: 'Folder for the asset. Default: a new one named after the prompt.' },
      force: FORCE,
      'max-cost': {
        type: 'string',
        value: 'N',
        help: "Refuse a job whose estimate is higher, in the provider's currency.",
      },
      'dry-run': { type: 'boolean', help: 'Say what would be made and what it would cost; make nothing.' },
      json: JSON_LINES,
    },
    details: 'A prompt of "-" is read from standard input.',
    load: async () => (await import('./verbs/generate.ts')).runGenerate,
  },
  {
    name: 'lod',
    summary: 'Make levels of detail from a mesh (GLB, glTF) or splat (PLY, SPZ).',
    usage: 'lod FILE --out DIR [options]',
    options: {
      out: { type: 'string', value: 'DIR', help: 'Folder for the levels.' },
      levels: LEVELS,
      ratios: {
        type: 'string',
        value: 'A,B,…',
        help: 'Triangle shares of the levels after level 0, instead of --levels.',
      },
      triangles: {
        type: 'string',
        value: 'A,B,…',
        help: 'Triangle counts of the levels after level 0, instead of --levels.',
      },
      compress: { type: 'string', value: 'KIND', help: 'none, quantize, meshopt or draco. Default none.' },
      height: {
        type: 'string',
        value: 'LENGTH',
        help: 'Real height: 1.2m, 80cm, 45mm or 1.2. Default: as in the file.',
      },
      profile: PROFILE,
      force: FORCE,
      json: JSON_LINES,
    },
    load: async () => (await import('./verbs/lod.ts')).runLod,
  },
  {
    name: 'inspect',
    summary: 'Say what is in a mesh (GLB, glTF) or splat (PLY, SPZ).',
    usage: 'inspect FILE [--json]',
    options: { json: { type: 'boolean', help: 'Print one JSON object on stdout.' } },
    load: async () => (await import('./verbs/inspect.ts')).runInspect,
  },
  {
    name: 'jobs',
    summary: 'List, show, resume, cancel, adopt or prune jobs.',
    usage: 'jobs list | show ID | resume [ID…] | resume ID --out DIR | cancel ID | adopt PROVIDER TASK | prune',
    options: {
      json: JSON_LINES,
      out: {
        type: 'string',
        value: 'DIR',
        help: 'adopt, resume: folder for the asset. Default: a new one named after the task; for resume, as before.',
      },
      force: { type: 'boolean', help: 'adopt, resume: overwrite a folder that is not empty.' },
      'older-than': {
        type: 'string',
        value: 'DAYS',
        help: 'prune: only jobs that ended at least so many days ago. Default 30; 0 for all.',
      },
      'dry-run': { type: 'boolean', help: 'prune: say what would go; remove nothing.' },
    },
    hiddenOptions: {
      detached: { type: 'boolean', help: 'resume: this process was started to go on after an interrupt.' },
    },
    details:
      'An ID may be shortened to its first or last characters where they fit one job only.\n`resume` without an ID goes on with every job that has not ended. A result\nthat cannot be delivered, because its folder holds something or cannot be written, is kept and the job waits:\n`resume ID` tries again, `resume ID --out DIR` delivers elsewhere, `resume ID --force` overwrites. `prune` removes the records of jobs that have\nended and the raw files that only they used; asset folders stay.',
    load: async () => (await import('./verbs/jobs.ts')).runJobs,
  },
  {
    name: 'serve',
    summary: 'Run the local service that editors and the web panel use, or find the one that runs.',
    usage: 'serve [--port N] [--open] [--json]',
    options: {
      port: { type: 'string', value: 'N', help: 'Port on the loopback address. Default: a free one.' },
      open: { type: 'boolean', help: 'Open the panel in a browser.' },
      json: { type: 'boolean', help: 'Print one JSON object with address and token once it can be used.' },
    },
    details:
      'One service runs for a home folder, whoever starts it. It takes up jobs that have not ended, listens to programs of this\nmachine that know its token, and ends some minutes after its last client left and its last job ended.',
    load: async () => (await import('./verbs/serve.ts')).runServe,
  },
  {
    name: 'providers',
    summary: 'List providers and what they can make.',
    usage: 'providers [--json]',
    options: { json: JSON_LINES },
    load: async () => (await import('./verbs/providers.ts')).runProviders,
  },
  {
    name: 'key',
    summary: "Keep providers' keys in the key store of the operating system.",
    usage: 'key set PROVIDER | list | remove PROVIDER',
    options: { json: JSON_LINES },
    details: 'The value is read from standard input, never from an argument: maquette key set PROVIDER < file',
    load: async () => (await import('./verbs/key.ts')).runKey,
  },
  {
    name: 'doctor',
    summary: 'Check that everything Maquette needs is in order.',
    usage: 'doctor [--json]',
    options: { json: JSON_LINES },
    load: async () => (await import('./verbs/doctor.ts')).runDoctor,
  },
  {
    name: 'stand-in',
    summary: 'Run a local stand-in for a service, for trying and for tests.',
    usage: 'stand-in 404 [options]',
    options: {
      port: { type: 'string', value: 'N', help: 'Port on the loopback address. Default: a free one.' },
      speed: { type: 'string', value: 'X', help: 'Run its clocks X times faster. Default 1.' },
      limits: {
        type: 'string',
        value: 'off',
        help: 'off: count no requests, tasks or money, and take every well-formed key.',
      },
      json: { type: 'boolean', help: 'Print one JSON object with the address once it listens.' },
    },
    details:
      'Costs nothing and reaches nothing outside this machine. If MAQUETTE_404_KEY holds a UUID, that is a key the stand-in\ntakes, and it is not shown; otherwise it makes one and shows it. It forgets everything when it ends.',
    load: async () => (await import('./verbs/stand-in.ts')).runStandIn,
  },
];
