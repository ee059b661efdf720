/** The command line itself is wrong: a mistake that can be seen without looking at any file. Exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
