/** Loaded before a program that must not hang: ends it with status 124 once its time has run out. */
const limitMs = Number(process.env.MAQUETTE_RUNTIME_LIMIT_MS);
setTimeout(() => {
  process.stderr.write(`Still running after ${limitMs} ms.\n`);
  process.exit(124);
}, limitMs).unref();
