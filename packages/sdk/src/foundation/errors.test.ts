import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.ts';
import { isCancelError, isSdkError, SdkError, toSdkError } from './errors.ts';

describe('SdkError', () => {
  it('takes retry and remedy from the catalogue', () => {
    const error = new SdkError({ code: 'RATE_LIMITED', message: 'Slow down.' });
    expect(error.retry).toBe('later');
    expect(error.remedy).toBe(ERROR_CATALOGUE.RATE_LIMITED.remedy);
  });

  it('keeps cause and stack out of the record', () => {
    const error = new SdkError({
      code: 'INTERNAL',
      message: 'Oh.',
      cause: new Error('secret'),
      details: { step: 'weld' },
    });
    expect(error.toRecord()).toEqual({
      code: 'INTERNAL',
      message: 'Oh.',
      remedy: ERROR_CATALOGUE.INTERNAL.remedy,
      retry: 'never',
      details: { step: 'weld' },
    });
  });

  it('is recognised across copies of the library by its brand', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('maquette.SdkError')]: true, code: 'CANCELLED' });
    expect(isSdkError(foreign)).toBe(true);
    expect(isCancelError(foreign)).toBe(true);
    expect(isSdkError(new Error('x'))).toBe(false);
    expect(isSdkError(null)).toBe(false);
  });

  it('wraps what is foreign and passes on what is ours', () => {
    const ours = new SdkError({ code: 'STORE_FAILED', message: 'Full.' });
    expect(toSdkError(ours)).toBe(ours);
    expect(toSdkError(new Error('boom'), 'STEP_FAILED', 'weld')).toMatchObject({
      code: 'STEP_FAILED',
      message: 'weld: boom',
    });
    expect(toSdkError('text').code).toBe('INTERNAL');
  });

  it('knows the abort error of the platform', () => {
    const controller = new AbortController();
    controller.abort();
    expect(isCancelError(controller.signal.reason)).toBe(true);
  });
});

describe('ERROR_CATALOGUE', () => {
  it.each(Object.keys(ERROR_CATALOGUE) as ErrorCode[])('%s has a cause and a remedy that are sentences', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    for (const text of [ERROR_CATALOGUE[code].cause, ERROR_CATALOGUE[code].remedy]) expect(text).toMatch(/^[A-Z].*\.$/);
  });
});
