import { SdkError } from '../foundation/errors.ts';
import { describeAsset, linkAsset } from '../protocol/messages/asset.ts';
import { linkPanel, runDoctor } from '../protocol/messages/service.ts';
import { requireFolder, type ServiceContext } from './service-context.ts';
import type { Session } from './session.ts';

/** Answers a client's requests about the files of finished assets, and about the service itself. */
export function answerAssets(context: ServiceContext, { peer }: Session): void {
  const { platform } = context;

  peer.answer(describeAsset, async ({ job }) => {
    const folder = await requireFolder(context, job);
    const files = await platform.listAssetFiles(folder);
    return { job, folder, files: files.map((file) => ({ ...file })) };
  });

  peer.answer(linkAsset, async ({ job, file }) => {
    const folder = await requireFolder(context, job);
    const found = (await platform.listAssetFiles(folder)).find(({ name }) => name === file);
    if (found === undefined) {
      throw new SdkError({ code: 'INPUT_INVALID', message: `The asset of job ${job} has no file "${file}".` });
    }
    const { bytes, mediaType, digest } = found;
    const { url, expiresAt } = platform.linkFile(folder, found);
    return { url, bytes, mediaType, expiresAt, ...(digest === undefined ? {} : { digest }) };
  });

  peer.answer(linkPanel, () => ({ url: platform.linkPanel() }));

  peer.answer(runDoctor, async () => ({
    findings: (await platform.runDoctor()).map((finding) => ({ ...finding })),
  }));
}
