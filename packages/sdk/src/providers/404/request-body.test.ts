import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../foundation/bytes.ts';
import { IMAGE_BYTES } from './__fixtures__/answers.ts';
import { imageBody, textBody } from './request-body.ts';

/** An independent reader: the platform's own. */
async function readForm(body: { contentType: string; bytes: Uint8Array }): Promise<FormData> {
  const bytes = new Uint8Array(body.bytes);
  return await new Response(bytes, { headers: { 'content-type': body.contentType } }).formData();
}

describe('the body of a text task', () => {
  it('names seed and model always, and parameters only where there are some', () => {
    const plain = textBody('a lamp', { model: '404-3dgs', seed: 0 });
    expect(plain.contentType).toBe('application/json');
    expect(JSON.parse(decodeUtf8(plain.bytes))).toEqual({ prompt: 'a lamp', seed: 0, model: '404-3dgs' });
    const rich = textBody('a lamp', { model: 'm', seed: 1, modelParams: { a: 1 } });
    expect(JSON.parse(decodeUtf8(rich.bytes))).toMatchObject({ model_params: { a: 1 } });
  });
});

describe('the body of an image task', () => {
  const order = { model: '404-mesh-v2', seed: 2_147_483_647, modelParams: { face_count: 50_000 } };

  it('is a form with the image untouched and no prompt', async () => {
    const form = await readForm(imageBody(IMAGE_BYTES, 'image/png', order, 'key'));
    expect([...form.keys()].sort()).toEqual(['image', 'model', 'model_params', 'seed']);
    expect(form.get('seed')).toBe('2147483647');
    expect(form.get('model')).toBe('404-mesh-v2');
    expect(JSON.parse(String(form.get('model_params')))).toEqual({ face_count: 50_000 });
    const file = form.get('image') as File;
    expect(file.type).toBe('image/png');
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(IMAGE_BYTES);
  });

  it('has a boundary without quotes that a naive reader finds after the one equals sign', () => {
    const { contentType, bytes } = imageBody(IMAGE_BYTES, 'image/png', order, 'key');
    expect(contentType).toMatch(/^multipart\/form-data; boundary=[0-9a-z]{20,70}$/);
    const boundary = contentType.split('=')[1];
    expect(decodeUtf8(bytes).startsWith(`--${boundary}\r\n`)).toBe(true);
    expect(decodeUtf8(bytes).endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
  });

  it('draws another boundary where the image holds the first one, and the same one for the same order', async () => {
    const first = imageBody(IMAGE_BYTES, 'image/png', order, 'key');
    expect(imageBody(IMAGE_BYTES, 'image/png', order, 'key')).toEqual(first);
    expect(imageBody(IMAGE_BYTES, 'image/png', order, 'other').contentType).not.toBe(first.contentType);
    // a hostile picture: it ends the form early and adds a field
    const boundary = first.contentType.split('=')[1];
    const tail = new TextEncoder().encode(
      `\r\n--${boundary}\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nx`,
    );
    const hostile = new Uint8Array([...IMAGE_BYTES, ...tail]);
    const body = imageBody(hostile, 'image/png', order, 'key');
    expect(body.contentType).not.toBe(first.contentType);
    const form = await readForm(body);
    expect(form.has('prompt')).toBe(false);
    expect(new Uint8Array(await (form.get('image') as File).arrayBuffer())).toEqual(hostile);
  });
});
