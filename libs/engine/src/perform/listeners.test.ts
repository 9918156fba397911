import { describe, expect, it } from 'vitest';
import type { TrustContext } from '#nginx-audit';
import type { Generation, HostRecord } from '../ports/fleet-store.js';
import type { ProbeTarget } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';
import { seeListeners } from './listeners.js';
import { proveServing } from './prove.js';

const BUNDLE = '/etc/nginx/clients.pem';
const generation = (number: number) => ({ number, marker: `marker ${number}` }) as Generation;
const [OLD, NEW] = [generation(1), generation(2)];

const HOST = {
  ...{ id: 'a', name: 'edge-1', address: '10.0.0.7' },
  probeTargets: [{ address: '10.0.0.7', port: 443, serverName: 'edge.test', path: '/health' }],
} as unknown as HostRecord;

const server = (change: Partial<TrustContext>): TrustContext => ({
  ...{ protocol: 'http', file: '/etc/nginx/site.conf', line: 3, listens: ['443'], tls: true },
  ...{ serverNames: ['edge.test'], clientCertificate: BUNDLE, trustedCertificate: null, crl: null },
  ...{ verifyClient: 'on', verifyDepth: 1, securityLevel: null },
  ...change,
});
const CONFIGURATION = [
  server({}),
  server({ listens: ['8443'], serverNames: ['admin.test'] }),
  server({ listens: ['127.0.0.1:9443'] }),
  server({ listens: ['7443'], clientCertificate: '/etc/nginx/other.pem' }),
];

/** A world in which each port shows the marker of one generation; null for one that shows nothing. */
function worldOf(serving: Readonly<Record<number, Generation | null>>) {
  const asked: string[] = [];
  const servedCaNames = async ({ address, port, serverName }: ProbeTarget) => {
    asked.push(`${address}:${port} ${serverName}`);
    const shown = serving[port];
    return shown ? ['CN=some CA', `CN=${shown.marker}`] : null;
  };
  const context = { ports: { probe: { servedCaNames } }, state: { effects: new Map() } };
  return { context: context as unknown as EffectContext, asked };
}

/** As a rotation has it behind the inspection, when the world has changed to `serving`. */
async function proven(before: Readonly<Record<number, Generation | null>>, serving: typeof before) {
  const seen = await seeListeners(worldOf(before).context, HOST, CONFIGURATION, [BUNDLE]);
  const { context } = worldOf(serving);
  (context.state.effects as unknown as Map<string, unknown>).set('expand.1/host.inspect/a', { result: seen });
  return proveServing(context, HOST, NEW, OLD).then(
    () => 'proven',
    (error: unknown) => (error instanceof PortError ? error.problem : Promise.reject(error)),
  );
}

describe('every listener that loads a managed file', () => {
  it('is asked by the name that its server has, once, and loopback of the host by nobody', async () => {
    const { context, asked } = worldOf({ 443: OLD, 8443: OLD });
    const seen = await seeListeners(context, HOST, CONFIGURATION, [BUNDLE]);
    expect(asked).toEqual(['10.0.0.7:443 edge.test', '10.0.0.7:8443 admin.test']);
    expect(seen.listeners).toHaveLength(2);
    expect(seen.unseenListeners).toEqual([]);
  });

  it('has to show the new generation, not the probe targets alone', async () => {
    expect(await proven({ 443: OLD, 8443: OLD }, { 443: NEW, 8443: NEW })).toBe('proven');
    expect(await proven({ 443: OLD, 8443: OLD }, { 443: NEW, 8443: OLD })).toMatchObject({
      code: 'probe.other-generation',
      message: expect.stringContaining('10.0.0.7:8443 (SNI admin.test)'),
    });
  });

  it('may not fall silent once it was seen', async () => {
    expect(await proven({ 443: OLD, 8443: OLD }, { 443: NEW, 8443: null })).toMatchObject({
      code: 'probe.no-answer',
      message: expect.stringContaining('edge-1: 10.0.0.7:8443'),
    });
  });

  it('is named and not waited for when it was silent from the start', async () => {
    const seen = await seeListeners(worldOf({ 443: OLD }).context, HOST, CONFIGURATION, [BUNDLE]);
    expect(seen.unseenListeners).toEqual(['10.0.0.7:8443 (SNI admin.test)']);
    expect(await proven({ 443: OLD }, { 443: NEW })).toBe('proven');
  });
});
