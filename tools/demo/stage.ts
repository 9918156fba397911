import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Mint } from '#certificates';
import { bootFleet, type TestFleet, type TestHost } from '#kit';
import { composeGeneration } from '#trust';
import { type DemoCa, startCa } from './certificate-authority.js';
import { ClientLoad } from './client-load.js';
import type { Screen } from './screen.js';
import { type Service, startService } from './service.js';

const HOSTS = 5;
/** Clients renew more often than the fleet soaks, so that each of them has left the old CA when it is dropped. */
const SOAK_SECONDS = 8;
const RENEW_EVERY_MS = 5_000;

/** Everything that the demo needs, up and recorded. */
export interface Stage {
  readonly ca: DemoCa;
  readonly fleet: TestFleet;
  readonly service: Service;
  readonly fleetId: string;
  readonly load: ClientLoad;
  stop(): Promise<void>;
}

/** Boots CA, hosts, API and worker, records the fleet by the API, and lets the clients loose. */
export async function setStage(screen: Screen): Promise<Stage> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of started.splice(0).reverse()) await one();
  };
  try {
    const ca = await startCa(process.env);
    started.push(() => ca.stop());
    screen.say(`CA        ${ca.product} at ${ca.issuingCa.address}, mount ${ca.issuingCa.mount}`);
    const bundle = composeGeneration({ anchorsPem: [ca.rootPem], markerPem: null }).content;
    const fleet = await bootFleet({ hosts: HOSTS, bundlePem: bundle });
    started.push(() => fleet.stop());
    screen.say(`fleet     ${HOSTS} hosts, each with its own sshd and nginx: ${addresses(fleet)}`);
    const folder = await mkdtemp(join(tmpdir(), 'windlass-demo-'));
    // PostgreSQL's own user must pass through.
    await chmod(folder, 0o711);
    const service = await startService(folder);
    started.push(() => service.stop());
    screen.say(`service   API and worker at ${service.url}, data in ${folder}`);
    screen.say(`console   ${service.url}/console/, key ${service.adminKey}`);
    const fleetId = await record(service, fleet, ca, bundle);
    const load = new ClientLoad({
      targets: fleet.hosts.map(({ address, httpsPort }) => ({ address, port: httpsPort })),
      serverName: 'edge.test',
      clients: 6,
      pauseMs: 40,
      renewEveryMs: RENEW_EVERY_MS,
      issue: ca.issue,
    });
    await load.start();
    started.push(() => load.stop());
    screen.say('clients   6 of them ask all the time, and renew their certificates every 5 s');
    return { ca, fleet, service, fleetId, load, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addresses(fleet: TestFleet): string {
  const [first, last] = [fleet.hosts[0]?.address, fleet.hosts.at(-1)?.address];
  return `${first} to ${last}`;
}

/** As a user would: fleet, hosts, and a sample client that must never get in. */
async function record({ api }: Service, fleet: TestFleet, ca: DemoCa, bundlePem: string): Promise<string> {
  const { address, mount, role, token } = ca.issuingCa;
  const { data } = await api.POST('/v1/fleets', {
    body: {
      name: 'edge',
      soakSeconds: SOAK_SECONDS,
      contractWhen: 'soaked',
      canaryHosts: 1,
      caTtlSeconds: 7 * 86_400,
      issuingCa: { address, mount, role, token: token.reveal() },
      bundlePem,
    },
  });
  const path = { fleetId: data?.id ?? '' };
  await api.POST('/v1/fleets/{fleetId}/hosts', {
    params: { path },
    body: { hosts: fleet.hosts.map(asEnrolled) },
  });
  const stranger = await new X509Mint().stranger();
  const { certificatePem } = stranger;
  await api.POST('/v1/fleets/{fleetId}/samples', {
    params: { path },
    body: { name: 'stranger', certificatePem, expect: 'refused' },
  });
  return path.fleetId;
}

function asEnrolled({ name, address, sshPort, user, hostKey, privateKey, managedPath, httpsPort }: TestHost) {
  return {
    ...{ name, address, port: sshPort, user, hostKey, privateKey, managedPaths: [managedPath] },
    probeTargets: [{ address, port: httpsPort, serverName: 'edge.test', path: '/' }],
  };
}
