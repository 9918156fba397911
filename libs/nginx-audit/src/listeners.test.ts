import { describe, expect, it } from 'vitest';
import { listenersOf } from './listeners.js';
import type { TrustContext } from './trust-context.js';

const BUNDLE = '/etc/nginx/clients.pem';

const server = (change: Partial<TrustContext>): TrustContext => ({
  ...{ protocol: 'http', file: '/etc/nginx/site.conf', line: 3, listens: ['443'], tls: true },
  ...{ serverNames: ['edge.test'], clientCertificate: BUNDLE, trustedCertificate: null, crl: null },
  ...{ verifyClient: 'on', verifyDepth: 1, securityLevel: null },
  ...change,
});
const places = (change: Partial<TrustContext>) =>
  listenersOf([server(change)], [BUNDLE]).map(({ address, port }) => `${address}:${port}`);

describe('listeners that show a managed bundle', () => {
  it.each([
    ['8443', 'null:8443'],
    ['*:8443', 'null:8443'],
    ['0.0.0.0:8443', 'null:8443'],
    ['[::]:8443', 'null:8443'],
    ['10.0.0.7:8443', '10.0.0.7:8443'],
    ['10.0.0.7', '10.0.0.7:80'],
    ['[::1]:8443', '::1:8443'],
    ['edge.internal:8443', 'edge.internal:8443'],
  ])('listen %s is %s', (listen, place) => {
    expect(places({ listens: [listen] })).toEqual([place]);
  });

  it.each(['unix:/run/nginx.sock', '8000-8010'])('nobody knocks at %s', (listen) => {
    expect(places({ listens: [listen] })).toEqual([]);
  });

  it('are all sockets of a server, and the default one where it names none', () => {
    expect(places({ listens: ['443', '10.0.0.7:8443'] })).toEqual(['null:443', '10.0.0.7:8443']);
    expect(places({ listens: [] })).toEqual(['null:80']);
  });

  it.each([
    ['without TLS', { tls: false }],
    ['that asks nobody for a certificate', { verifyClient: 'off' as const }],
    ['with another bundle', { clientCertificate: '/etc/nginx/other.pem' }],
    ['without one', { clientCertificate: null }],
  ])('are none of a server %s', (_name, change) => {
    expect(places(change)).toEqual([]);
  });

  it.each([
    [['edge.test', 'other.test'], 'edge.test'],
    [['*.test', '~^edge', '_', 'edge.test'], 'edge.test'],
    [['_'], null],
    [[], null],
  ])('of a server named %j are asked for %s', (serverNames, serverName) => {
    expect(listenersOf([server({ serverNames })], [BUNDLE])[0]?.serverName).toBe(serverName);
  });

  it('say where they stand in the configuration', () => {
    expect(listenersOf([server({})], [BUNDLE])[0]?.where).toBe('/etc/nginx/site.conf:3');
  });
});
