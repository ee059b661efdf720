export type { CancelController, CancelSignal } from './foundation/cancel.ts';
export { createCancelController } from './foundation/cancel.ts';
export type { ErrorCatalogueEntry, ErrorCode } from './foundation/error-catalogue.ts';
export { ERROR_CATALOGUE } from './foundation/error-catalogue.ts';
export type { ErrorRecord } from './foundation/errors.ts';
export { isSdkError, SdkError } from './foundation/errors.ts';
