import { createCancelController, linkCancel } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import * as asset from '../protocol/messages/asset.ts';
import * as engine from '../protocol/messages/engine.ts';
import type { ParamsOf, RequestMethod, ResultOf } from '../protocol/method.ts';
import { requireFolder, type ServiceContext } from './service-context.ts';
import type { Client, Session } from './session.ts';

/** Time an editor has for an import, milliseconds. */
const IMPORT_WITHIN_MS = 120_000;

/** Time an editor has for everything else, milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Answers a client's requests that an editor answers, by asking the editor. */
export function answerEngines(context: ServiceContext, session: Session): void {
  const { sessions, host } = context;
  const { peer } = session;

  /** Asks the editor that is meant. */
  const ask = async <M extends RequestMethod>(
    target: string | undefined,
    method: M,
    params: ParamsOf<M>,
    withinMs: number,
  ): Promise<ResultOf<M>> => {
    const { session: editor, client } = chooseEngine(sessions.list(), method.method, target);
    const timer = createCancelController();
    // whoever asked may have gone too
    const limit = linkCancel([timer.signal, session.over]);
    host.clock.sleep(withinMs, limit.signal).then(
      () =>
        timer.cancel(
          new SdkError({
            code: 'TIMED_OUT',
            message: `${client.label} has not answered within ${withinMs / 1000} s.`,
            remedy: 'See whether it is busy or shows a dialog, then try again.',
          }),
        ),
      () => undefined, // it was faster
    );
    try {
      return await editor.peer.request(method, params, limit.signal);
    } finally {
      limit.cancel();
      limit.dispose();
    }
  };

  peer.answer(engine.listEngines, () => ({
    engines: sessions
      .list()
      .map(({ client }) => client)
      .filter(({ kind }) => kind === 'engine'),
  }));

  peer.answer(engine.selection, ({ target }) => ask(target, engine.engineSelection, {}, ANSWER_WITHIN_MS));

  peer.answer(engine.placeholder, ({ target }) => ask(target, engine.enginePlaceholder, {}, ANSWER_WITHIN_MS));

  peer.answer(asset.importAsset, async ({ job, target, replaces }) => {
    const folder = await requireFolder(context, job);
    const params = { job, folder, ...(replaces === undefined ? {} : { replaces }) };
    return ask(target, asset.engineImport, params, IMPORT_WITHIN_MS);
  });

  peer.take(asset.assetImported, ({ receipt }) => {
    host.log({
      level: 'info',
      event: 'asset-imported',
      data: { job: receipt.job, object: receipt.object, by: session.client?.label ?? '' },
    });
  });
}

type Candidate = { readonly session: Session; readonly client: Client };

function chooseEngine(all: readonly Candidate[], capability: string, target: string | undefined): Candidate {
  const engines = all.filter(({ client }) => client.kind === 'engine');
  if (target !== undefined) {
    const named = engines.find(({ client }) => client.instance === target);
    if (named === undefined) {
      throw new SdkError({
        code: 'PEER_GONE',
        message: 'The editor that was named is not connected.',
        remedy: 'Open it and connect it, or name another one: `engine/list` tells which there are.',
      });
    }
    if (named.client.capabilities.includes(capability)) return named;
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: `${named.client.label} does not answer ${capability}.`,
      remedy: 'Update its add-on, or choose another editor.',
    });
  }
  const able = engines.filter(({ client }) => client.capabilities.includes(capability));
  const [only] = able;
  if (only === undefined) {
    throw new SdkError({
      code: 'PEER_GONE',
      message: 'No editor is connected.',
      remedy: 'Open Blender or Unity and connect it to Maquette, then try again.',
    });
  }
  if (able.length === 1) return only;
  throw new SdkError({
    code: 'TARGET_AMBIGUOUS',
    message: `${able.length} editors are connected: ${able.map(({ client }) => client.label).join('; ')}.`,
    remedy: 'Say which one is meant.',
    details: { engines: able.map(({ client }) => ({ instance: client.instance, label: client.label })) },
  });
}
