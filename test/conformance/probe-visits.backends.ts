import { X509Mint } from '#certificates';
import { type Probe, type ProbeIdentity, type ProbeTarget, Secret } from '#engine';
import { makeCa } from '#kit';
import { TlsProbe } from '#probe';
import { composeGeneration, markerName } from '#trust';
import { SIMULATED_CAS, STRANGER } from '../../libs/simulation/src/certificates.js';
import { Random } from '../../libs/simulation/src/random.js';
import { SimProbe } from '../../libs/simulation/src/sim-adapters.js';
import { SimMachine } from '../../libs/simulation/src/sim-machine.js';
import { SimProcess } from '../../libs/simulation/src/sim-process.js';
import { markerPem } from '../../libs/simulation/src/trust.js';
import { QuickNetwork, RealTime } from '../faults/real-time.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';
import { SETTINGS, server } from './probe-servers.js';

/** A listener that trusts one CA, and what the suite has to do to it behind the port. */
export interface ListenerUnderTest {
  readonly probe: Probe;
  readonly target: ProbeTarget;
  readonly trusted: ProbeIdentity;
  readonly stranger: ProbeIdentity;
  /** From now on another generation is served: without the CA, or the same CA beside another marker. */
  switchTo(bundle: 'without the CA' | 'the same CA'): Promise<void>;
  stop(): Promise<void>;
}

export interface ListenerKind {
  readonly name: string;
  start(): Promise<ListenerUnderTest>;
}

export const LISTENER_KINDS: readonly ListenerKind[] = [
  { name: 'simulated', start: simulated },
  { name: 'real', start: real },
];

async function real(): Promise<ListenerUnderTest> {
  const folder = await NginxFolder.create();
  const mint = new X509Mint();
  const [ca, other] = [await makeCa({ commonName: 'clients' }), await makeCa({ commonName: 'others' })];
  const pair = await other.issueClient({ commonName: 'server', extendedKeyUsages: [] });
  const { certificatePem, privateKeyPem } = await ca.issueClient({ commonName: 'a client' });
  let number = 0;
  const bundle = async (anchor: string) => {
    number += 1;
    const { digest } = composeGeneration({ anchorsPem: [anchor], markerPem: null });
    const marker = await mint.marker(markerName('edge', number, digest));
    await folder.replace(
      'bundle.pem',
      composeGeneration({ anchorsPem: [anchor], markerPem: marker }).content,
    );
  };
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await bundle(ca.certificatePem);
  const [port = 0] = await freePorts(1);
  const keeping = `${SETTINGS.plain} ssl_session_cache shared:sessions:1m;`;
  await folder.configure(server(port, 'bundle.pem', keeping));
  const nginx = await LocalNginx.start(folder, port);
  return {
    probe: new TlsProbe(),
    target: { address: '127.0.0.1', port, serverName: 'edge.test', path: '/' },
    trusted: { certificatePem, chainPem: '', privateKey: new Secret(privateKeyPem) },
    stranger: await mint.stranger(),
    switchTo: async (what) => {
      await bundle(what === 'the same CA' ? ca.certificatePem : other.certificatePem);
      await nginx.reload();
    },
    stop: async () => {
      await nginx.stop();
      await folder.remove();
    },
  };
}

async function simulated(): Promise<ListenerUnderTest> {
  const time = new RealTime();
  const [first, second] = SIMULATED_CAS;
  let number = 0;
  const bundle = (anchor = '') => {
    number += 1;
    const marker = markerPem(`windlass sim generation ${number} 000000000000`);
    return composeGeneration({ anchorsPem: [anchor], markerPem: marker }).content;
  };
  const host = new SimMachine('host-1', bundle(first?.caPem), time, new Random(1), 1, () => undefined);
  const network = new QuickNetwork(time, new Random(2));
  const hosts = new Map([['127.20.1.1', host]]);
  const identity = (certificatePem = '') => ({ certificatePem, chainPem: '', privateKey: new Secret('k') });
  return {
    probe: new SimProbe(new SimProcess('worker', time, 0), network, hosts, Number.POSITIVE_INFINITY),
    target: { address: '127.20.1.1', port: 8443, serverName: null, path: '/' },
    trusted: identity(first?.leafPem),
    stranger: identity(STRANGER),
    switchTo: async (what) => {
      host.rename(bundle(what === 'the same CA' ? first?.caPem : second?.caPem));
      host.reload();
    },
    stop: async () => undefined,
  };
}
