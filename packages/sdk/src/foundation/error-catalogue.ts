/** What the error page, the command line and the panel know about a code. */
export interface ErrorCatalogueEntry {
  readonly group: 'caller' | 'account' | 'provider' | 'network' | 'asset' | 'storage' | 'peer' | 'internal';
  readonly retry: 'never' | 'later';
  readonly cause: string;
  readonly remedy: string;
}

function entry(
  group: ErrorCatalogueEntry['group'],
  retry: ErrorCatalogueEntry['retry'],
  cause: string,
  remedy: string,
): ErrorCatalogueEntry {
  return { group, retry, cause, remedy };
}

/** Every code with its cause and remedy. The error page in the documentation is generated from this table. */
export const ERROR_CATALOGUE = {
  INPUT_INVALID: entry(
    'caller',
    'never',
    'A value given by the caller is missing, malformed or out of range.',
    'Correct the value named in the message.',
  ),
  CONFIG_MISSING: entry(
    'caller',
    'never',
    'Something that has to be set up once is not, for instance a key.',
    'Set up what the message names, then try again.',
  ),
  UNSUPPORTED_ON_HOST: entry(
    'caller',
    'never',
    'This platform lacks a capability or codec that the work needs.',
    'Run it where the capability exists, or choose options that do without it.',
  ),
  UNSUPPORTED_BY_PROVIDER: entry(
    'caller',
    'never',
    'The chosen provider cannot make this output from this input.',
    'Choose another output, input or provider; nothing was spent.',
  ),
  SPEND_LIMIT: entry(
    'caller',
    'never',
    'The estimate is above the allowed cost, or the provider cannot give one.',
    'Raise the limit, or choose a cheaper model; nothing was spent.',
  ),
  AUTH_REJECTED: entry(
    'account',
    'never',
    'The provider does not accept the key.',
    'Check the key and store it again with `maquette key set`.',
  ),
  PAYMENT_REQUIRED: entry(
    'account',
    'never',
    'The account at the provider has no credit left.',
    'Top up the account, then start a new job.',
  ),
  RATE_LIMITED: entry(
    'account',
    'later',
    'Too many requests in a short time.',
    'Wait; the job continues by itself while its time lasts.',
  ),
  QUEUE_FULL: entry(
    'account',
    'later',
    'The account already has as many tasks running as it may.',
    'Wait until one of your tasks ends.',
  ),
  INPUT_REJECTED: entry(
    'provider',
    'never',
    'The provider refused the content of the prompt or image.',
    'Change the prompt or image.',
  ),
  OPERATION_FAILED: entry(
    'provider',
    'never',
    'The provider tried and failed.',
    'Start a new job, perhaps with another seed or model.',
  ),
  OPERATION_EXPIRED: entry(
    'provider',
    'never',
    'The provider no longer knows the task or its result.',
    'Start a new job; results are kept only for a short time.',
  ),
  PROVIDER_PROTOCOL: entry(
    'provider',
    'never',
    'The provider answered something its documentation does not allow.',
    'Update Maquette; if it persists, report it with the details.',
  ),
  PROVIDER_UNAVAILABLE: entry('provider', 'later', 'The provider is down or overloaded.', 'Wait and try again.'),
  OUTCOME_UNKNOWN: entry(
    'provider',
    'never',
    'The answer to a paid request was lost, so a task may or may not exist.',
    'Look at the provider whether the task exists and adopt it with `maquette jobs adopt`; it is never sent again by itself.',
  ),
  NETWORK_FAILED: entry(
    'network',
    'later',
    'The connection could not be made or broke.',
    'Check the connection and proxy settings, then try again.',
  ),
  TIMED_OUT: entry(
    'network',
    'later',
    'A time budget ran out; the message says which.',
    'Try again, or raise the budget.',
  ),
  CANCELLED: entry('network', 'never', 'Somebody asked for the work to stop.', 'Nothing to do.'),
  ASSET_TOO_LARGE: entry(
    'asset',
    'never',
    'A file is larger than the limit.',
    'Use a smaller file or raise the limit.',
  ),
  ASSET_UNREADABLE: entry(
    'asset',
    'never',
    'A file is damaged or of a kind that is not understood.',
    'Export the file again, or convert it first.',
  ),
  ASSET_INVALID: entry(
    'asset',
    'never',
    'A file can be read but breaks the rules of its format.',
    'Repair the file in the program that wrote it.',
  ),
  STEP_FAILED: entry(
    'asset',
    'never',
    'A processing step failed; the message says which.',
    'Report it with the file; the raw result is kept.',
  ),
  URL_NOT_TRUSTED: entry(
    'asset',
    'never',
    'An address from outside may not be fetched.',
    'Report it to the provider; nothing was fetched.',
  ),
  DETACHED: entry(
    'network',
    'never',
    'The command was interrupted; its job goes on in a process of its own.',
    'Follow it with `maquette jobs resume`, stop it with `maquette jobs cancel`.',
  ),
  STORE_FAILED: entry(
    'storage',
    'later',
    'A file or record could not be written or read.',
    'Make room or allow writing, then run `maquette jobs resume`.',
  ),
  STORE_VERSION: entry(
    'storage',
    'never',
    'The job database was written by a newer version.',
    'Update Maquette, or point MAQUETTE_HOME at another folder; nothing was changed.',
  ),
  PROTOCOL_MISMATCH: entry(
    'peer',
    'never',
    'The other side speaks another version of the protocol.',
    'Update both sides to the same version.',
  ),
  PEER_GONE: entry('peer', 'later', 'The other side closed the connection.', 'Connect again; events can be replayed.'),
  TARGET_AMBIGUOUS: entry(
    'peer',
    'never',
    'More than one editor is connected and none was named.',
    'Name the editor that is meant; `engine/list` tells which there are.',
  ),
  IMPORT_FAILED: entry(
    'peer',
    'never',
    'The editor could not import the asset.',
    'See the message of the importer; the asset folder is intact.',
  ),
  INTERNAL: entry(
    'internal',
    'never',
    'A mistake in Maquette itself.',
    'Please report it with the message and the log.',
  ),
} as const satisfies Record<string, ErrorCatalogueEntry>;

/** A stable error code. Codes are public API: they are added, never renamed. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
