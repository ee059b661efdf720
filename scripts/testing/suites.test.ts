import { describe, expect, it } from 'vitest';
import { chooseSuites } from './suites.ts';

const names = (only?: string, without?: string): readonly string[] =>
  chooseSuites(only, without).map(({ name }) => name);

describe('chooseSuites', () => {
  it('takes all by default but those that need keys', () => {
    expect(names()).toEqual(['check', 'unit', 'neutral', 'gateway', 'kill', 'examples', 'blender']);
  });

  it('takes those named, in the usual order', () => {
    expect(names('kill, unit')).toEqual(['unit', 'kill']);
    expect(names(undefined, 'check,kill')).toEqual(['unit', 'neutral', 'gateway', 'examples', 'blender']);
    expect(names('live')).toEqual(['live']);
    expect(names('unit,kill', 'kill')).toEqual(['unit']);
  });

  it('leaves out what does not exist yet without a fuss, and refuses to run it', () => {
    expect(names(undefined, 'lua,panel')).toEqual(names());
    expect(() => names('unit,lua')).toThrow('The suite "lua" does not exist yet in this version.');
  });

  it('refuses what it does not know', () => {
    expect(() => names('unti')).toThrow('There is no suite "unti"; the suites are check, unit');
    expect(() => names(undefined, 'nothing')).toThrow('There is no suite "nothing"');
    expect(() => names('unit', 'unit')).toThrow('No suite is left to run.');
  });
});
