import { describe, expect, it } from 'vitest';
import { toGateways } from './gateway-address.ts';

describe('the address of a gateway', () => {
  it('is that of the public regions where none is given, Europe first', () => {
    expect(toGateways(undefined)).toEqual({
      origins: ['https://api-eu.404.xyz', 'https://api-us-east.404.xyz', 'https://api-us-west.404.xyz'],
      isConfigured: false,
    });
  });

  it.each([
    ['https://gateway.example.com', 'https://gateway.example.com'],
    [' https://Gateway.Example.com:443/ ', 'https://gateway.example.com'],
    ['http://127.0.0.1:4404', 'http://127.0.0.1:4404'],
    ['http://localhost:4404/', 'http://localhost:4404'],
    ['http://[::1]:4404', 'http://[::1]:4404'],
    ['https://10.0.0.7:4443', 'https://10.0.0.7:4443'],
  ])('%s is %s', (given, origin) => {
    expect(toGateways(given)).toEqual({ origins: [origin], isConfigured: true });
    // what a Host compares a request's origin with
    expect(new URL(given.trim()).origin).toBe(origin);
  });

  it.each([
    ['http://gateway.example.com', /not encrypted/],
    ['http://10.0.0.7:4404', /not encrypted/],
    ['https://gateway.example.com/v1', /path/],
    ['https://gateway.example.com/?key=1', /path/],
    ['https://gateway.example.com/#top', /path/],
    ['https://[2606:4700::1111]', /IPv6/],
    ['gateway.example.com', /no address/],
    ['file:///etc/passwd', /no address/],
    ['https://user:secret@gateway.example.com', /no address/],
    ['9f8b7c6d-1a2b-4c3d-8e9f-0a1b2c3d4e5f', /no address/],
  ])('%s is refused when it is used, without being shown', (given, why) => {
    const { origins, fault } = toGateways(given);
    expect(origins).toEqual([]);
    expect(fault).toMatchObject({ code: 'CONFIG_MISSING', message: expect.stringMatching(why) });
    expect(fault?.message).toContain('MAQUETTE_404_URL');
    expect(JSON.stringify(fault?.toRecord())).not.toMatch(/secret|9f8b7c6d/);
  });
});
