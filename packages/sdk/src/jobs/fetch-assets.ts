import { concatBytes } from '../foundation/bytes.ts';
import { createCancelController, linkCancel, raceCancel } from '../foundation/cancel.ts';
import { SdkError, toSdkError } from '../foundation/errors.ts';
import type { AssetOffer } from '../provider/provider.ts';
import { RETRY_BACK_OFF } from './back-off.ts';
import { timedOut } from './job-budgets.ts';
import { type Drive, isInterruption, logDrive } from './job-drive.ts';
import { pollOnce } from './poll-once.ts';
import { mainAssetId, presentAssets, storeRawAsset } from './raw-assets.ts';
import { readInput } from './read-input.ts';
import { sniffMediaType } from './sniff-media-type.ts';
import { DriveStalled } from './stall.ts';

/** Tries after which a dead link, a page instead of a file, or half a file is believed. */
const LINK_TRIES = 3;

/** Silent downloads in a row after which a server is given up. */
const SILENT_TRIES = 5;

/** Fetches what is offered and not here yet, once and without complaint: the next poll offers it again. */
export async function fetchOffered(drive: Drive): Promise<void> {
  for (const offer of drive.offers) {
    if (drive.state.fetched.some((asset) => asset.assetId === offer.id)) continue;
    try {
      await fetchOnce(drive, offer, false);
    } catch (error) {
      if (isInterruption(error) || error instanceof DriveStalled) throw error;
      const failure = toSdkError(error);
      if (failure.code === 'STORE_FAILED' || isJobTimeOut(failure)) throw error;
      logDrive(drive, 'fetch-postponed', { asset: offer.id, code: failure.code });
    }
  }
}

/** Takes a job from `fetching` to `processing`: brings every asset, with fresh links where the old ones are gone. */
export async function fetchAssets(drive: Drive): Promise<void> {
  await ensureRawAssets(drive, () => true);
  drive.releaseSlot();
  await drive.append({ type: 'processing-started' });
}

/** Makes sure that the wanted bytes are here; fetches them again if they were cleaned away. The main result is always wanted. */
export async function ensureRawAssets(drive: Drive, isWanted: (assetId: string) => boolean): Promise<void> {
  const present = await presentAssets(drive.settings.host, drive.state);
  const missing = drive.state.offered.filter((id) => !present.some((asset) => asset.assetId === id));
  const main = mainAssetId(drive.state);
  for (const id of missing) {
    if (id !== main && !isWanted(id)) continue;
    try {
      await fetchWithRetries(drive, id);
    } catch (error) {
      if (id === main || isInterruption(error) || error instanceof DriveStalled) throw error;
      const failure = toSdkError(error);
      if (failure.code === 'STORE_FAILED' || isJobTimeOut(failure)) throw error;
      const message = `The additional result "${id}" could not be fetched: ${failure.message}`;
      await drive.append({
        type: 'warning-raised',
        warning: { code: 'ASSET_MISSING', message, details: { code: failure.code } },
      });
    }
  }
}

async function fetchWithRetries(drive: Drive, id: string): Promise<void> {
  const backOff = drive.backOff(RETRY_BACK_OFF);
  let linkFailures = 0;
  let silences = 0;
  let needsFreshLink = !drive.offers.some((offer) => offer.id === id);
  for (;;) {
    try {
      if (needsFreshLink) await refreshOffers(drive, id);
      needsFreshLink = false;
      const offer = drive.offers.find((candidate) => candidate.id === id);
      if (offer === undefined)
        throw new SdkError({
          code: 'OPERATION_EXPIRED',
          message: `${drive.state.provider} no longer offers the result "${id}".`,
        });
      return await fetchOnce(drive, offer, linkFailures + 1 >= LINK_TRIES);
    } catch (error) {
      if (isInterruption(error) || error instanceof DriveStalled) throw error;
      const failure = toSdkError(error);
      if (failure.code === 'AUTH_REJECTED' || failure.code === 'CONFIG_MISSING') throw new DriveStalled(failure);
      if (failure.code === 'STORE_FAILED' || isJobTimeOut(failure)) throw failure;
      silences = failure.code === 'TIMED_OUT' ? silences + 1 : 0;
      if (silences >= SILENT_TRIES) throw failure;
      const mayHeal =
        failure.code === 'OPERATION_EXPIRED' ||
        failure.code === 'ASSET_UNREADABLE' ||
        failure.code === 'PROVIDER_PROTOCOL';
      if (mayHeal) linkFailures += 1;
      if (mayHeal ? linkFailures >= LINK_TRIES : failure.retry === 'never') throw failure;
      needsFreshLink = true;
      const waitMs = backOff.next(failure.retryAfterMs);
      logDrive(drive, 'fetch-failed', { asset: id, code: failure.code, waitMs });
      await drive.sleep(waitMs);
    }
  }
}

/** Links die within minutes, so a poll brings new ones. What else it says no longer matters: the success is stored. */
async function refreshOffers(drive: Drive, id: string): Promise<void> {
  const before = drive.offers;
  const status = await pollOnce(drive);
  if (status.state === 'completed') return;
  if (status.state === 'pending' && drive.offers.some((offer) => offer.id === id)) return;
  const message = `${drive.state.provider} reports ${status.state} after it had reported success.`;
  if (!drive.state.warnings.some((warning) => warning.message === message)) {
    await drive.append({ type: 'warning-raised', warning: { code: 'STATUS_CONTRADICTED', message } });
  }
  if (before.some((offer) => offer.id === id)) {
    drive.offers = before; // what was offered is asked for all the same: the server of files may know better
    return;
  }
  throw new SdkError({
    code: 'OPERATION_EXPIRED',
    message: `${drive.state.provider} offered a result and no longer has it.`,
    details: { state: status.state },
  });
}

/** Brings one asset. `acceptPartial` stores bytes that look incomplete, so that at least they are kept. */
async function fetchOnce(drive: Drive, offer: AssetOffer, acceptPartial: boolean): Promise<void> {
  const bytes = await readOffer(drive, offer);
  const sniffed = sniffMediaType(bytes, offer.kind);
  const isShort = offer.sizeBytes !== undefined && bytes.length < offer.sizeBytes;
  if (sniffed.extension === 'html' || bytes.length === 0) {
    throw new SdkError({
      code: 'ASSET_UNREADABLE',
      message: `${drive.state.provider} sent ${bytes.length === 0 ? 'nothing' : 'a web page'} instead of a file.`,
    });
  }
  if ((isShort || !sniffed.complete) && !acceptPartial) {
    throw new SdkError({
      code: 'ASSET_UNREADABLE',
      message: `The download from ${drive.state.provider} broke off early.`,
    });
  }
  const earlier = drive.state.fetched.find((asset) => asset.assetId === offer.id);
  const asset = await storeRawAsset(drive.settings.host, offer, bytes);
  if (earlier !== undefined && earlier.digest !== asset.digest) {
    const message = `${drive.state.provider} sent other bytes for "${offer.id}" than the first time.`;
    await drive.append({
      type: 'warning-raised',
      warning: { code: 'DIGEST_CHANGED', message, details: { before: earlier.digest, after: asset.digest } },
    });
  }
  if (asset.kind !== offer.kind && !drive.state.adopted && earlier === undefined) {
    const message = `${drive.state.provider} sent a ${asset.kind} where a ${offer.kind} was expected; the bytes decide.`;
    await drive.append({ type: 'warning-raised', warning: { code: 'KIND_DIFFERS', message } });
  }
  await drive.append({ type: 'asset-fetched', asset });
}

/** Reads a stream under a size limit. Every chunk renews the attempt budget: a slow download is not a dead one. */
async function readOffer(drive: Drive, offer: AssetOffer): Promise<Uint8Array> {
  const { host, budgets, maxAssetBytes } = drive.settings;
  if (offer.sizeBytes !== undefined && offer.sizeBytes > maxAssetBytes) throw tooLarge(drive, maxAssetBytes);
  const whole = drive.interrupt();
  try {
    const stream = await withIdleLimit(drive, whole.signal, budgets.attemptMs, () =>
      openOffer(drive, offer, whole.signal),
    );
    const iterator = stream[Symbol.asyncIterator]();
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for (;;) {
        const next = await withIdleLimit(drive, whole.signal, budgets.attemptMs, () => iterator.next());
        if (next.done === true) break;
        size += next.value.length;
        if (size > maxAssetBytes) throw tooLarge(drive, maxAssetBytes);
        chunks.push(next.value);
      }
    } catch (error) {
      // Closes the connection. Not awaited: a stream that hangs would hang here too.
      iterator.return?.().catch(() => undefined);
      throw error;
    }
    host.log({
      level: 'debug',
      event: 'asset-downloaded',
      data: { job: drive.state.job, asset: offer.id, bytes: size },
    });
    return concatBytes(chunks);
  } finally {
    whole.cancel();
    whole.dispose();
  }
}

async function openOffer(
  drive: Drive,
  offer: AssetOffer,
  signal: ReturnType<typeof linkCancel>['signal'],
): Promise<AsyncIterable<Uint8Array>> {
  const { provider, state, settings } = drive;
  if (offer.url !== undefined) {
    const trustedOrigins = provider?.describe().trustedOrigins ?? [];
    return settings.download({ ...offer, url: offer.url }, { http: settings.host.http, signal, trustedOrigins });
  }
  if (provider?.fetchAsset === undefined || state.operation === undefined) {
    throw new SdkError({
      code: 'PROVIDER_PROTOCOL',
      message: `${state.provider} offers "${offer.id}" without a way to fetch it.`,
    });
  }
  return await provider.fetchAsset(offer, state.operation, {
    http: settings.host.http,
    hasCredential: settings.host.hasCredential,
    log: (event, data) => settings.host.log({ level: 'debug', event, data: { job: state.job, ...data } }),
    signal,
    readInput: (reference) => readInput(settings.host, reference),
    idempotencyKey: state.idempotencyKey ?? state.job,
    now: () => settings.host.clock.now(),
  });
}

async function withIdleLimit<T>(
  drive: Drive,
  signal: ReturnType<typeof linkCancel>['signal'],
  idleMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const linked = linkCancel([signal]);
  const timer = createCancelController();
  drive.settings.host.clock.sleep(idleMs, timer.signal).then(
    () => linked.cancel(timedOut('attempt', idleMs, `The download from ${drive.state.provider}`)),
    () => undefined, // bytes came in time
  );
  try {
    return await raceCancel(Promise.resolve().then(work), linked.signal);
  } finally {
    timer.cancel();
    linked.dispose();
  }
}

function isJobTimeOut(failure: SdkError): boolean {
  return failure.code === 'TIMED_OUT' && failure.details?.budget === 'job';
}

function tooLarge(drive: Drive, limit: number): SdkError {
  return new SdkError({
    code: 'ASSET_TOO_LARGE',
    message: `The result from ${drive.state.provider} is larger than the limit of ${limit} bytes.`,
    details: { limitBytes: limit },
  });
}
