import { describe, expect, it } from 'vitest';
import { listenerIn, settingsBody, sshPlaceIn } from './host-body.js';

describe('a listener', () => {
  it.each([
    [':443', { address: '10.0.0.5', port: 443 }],
    [':8443/edge.test', { address: '10.0.0.5', port: 8443, serverName: 'edge.test' }],
    ['edge.example:8443', { address: 'edge.example', port: 8443 }],
    ['[2001:db8::1]:443/a', { address: '2001:db8::1', port: 443, serverName: 'a' }],
  ])('of "%s" is read', (text, target) => {
    expect(listenerIn(text, '10.0.0.5')).toEqual(target);
  });

  it.each(['443', 'edge', '2001:db8::1:443', ':443/', 'https://edge:443'])('is not "%s"', (text) => {
    expect(() => listenerIn(text, 'a')).toThrow(/^a listener must be such as :443/);
  });
});

describe('the settings of a host', () => {
  it('come from options before what a file says of it', () => {
    const own = { managedPaths: ['/etc/own.pem'], listeners: [':444'] };
    expect(
      settingsBody({ 'managed-path': ['/etc/a.pem'], reload: ['x', 'y'], nginx: 'openresty' }, 'a', own),
    ).toEqual({
      ...{ managedPaths: ['/etc/a.pem'], probeTargets: [{ address: 'a', port: 444 }] },
      ...{ nginxBinary: 'openresty', reloadCommand: ['x', 'y'] },
    });
    expect(settingsBody({ access: 'installed' }, 'a', own)).toMatchObject({
      access: 'installed',
      managedPaths: ['/etc/own.pem'],
    });
  });

  it.each([
    [{ listener: [':1'] }, '--managed-path is missing'],
    [{ 'managed-path': ['/a'] }, '--listener is missing'],
    [
      { 'managed-path': ['/a'], listener: [':1'], access: 'all' },
      '--access must be one of root, installed, not "all"',
    ],
  ])('are refused: %j', (values, says) => {
    expect(() => settingsBody(values, 'a')).toThrow(says);
  });
});

describe('a place of SSH', () => {
  it.each([
    ['edge', { user: null, address: 'edge', port: 22 }],
    ['me@edge:2222', { user: 'me', address: 'edge', port: 2222 }],
    ['me@[2001:db8::1]:2222', { user: 'me', address: '2001:db8::1', port: 2222 }],
    ['a,b@c d', null],
    ['ssh://edge', null],
    ['edge:', null],
  ])('of "%s" is read', (text, place) => {
    expect(sshPlaceIn(text)).toEqual(place);
  });
});
