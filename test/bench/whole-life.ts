import { setTimeout as sleep } from 'node:timers/promises';
import { type IssuedLeaf, Secret } from '#engine';
import { makeCa } from '#kit';
import { anchorId, anchorsOf, composeGeneration, parseBundle } from '#trust';
import { ClientLoad } from '../../tools/demo/client-load.js';
import { ANY_STATE } from '../e2e/recording.js';
import type { Reply } from '../e2e/running-api.js';
import { ServedFleet } from '../e2e/served-fleet.js';
import { median, numberOf, say } from './figures.js';

/** Longer than a rotation takes to activate; old certificates of the load are over soon after that. */
const LEAF_TTL = '45s';
const RENEW_EVERY_MS = 5_000;
const CLIENTS = 12;
const LOOKS = 20;

type Rotation = Reply['body'];

/**
 * `npm run bench:life -- --hosts 20 --rounds 3`: an overlap rotation of real hosts with a real Vault while clients
 * renew, held back by one client that does not; then how long a distrust takes.
 */
class WholeLife {
  constructor(
    private readonly served: ServedFleet,
    private readonly fleetId: string,
  ) {}

  async overlap(): Promise<boolean> {
    const straggler = await this.enrol('till-7', '2h');
    const load = new ClientLoad({
      targets: this.served.hosts.map(({ address, httpsPort: port }) => ({ address, port })),
      ...{ serverName: 'edge.test', clients: CLIENTS, pauseMs: 20, renewEveryMs: RENEW_EVERY_MS },
      issue: (name) => this.enrol(name, LEAF_TTL),
    });
    await load.start();
    const began = Date.now();
    const id = await this.start({ reason: 'to show' });
    const held = await this.heldByOne(id);
    say(`held back after ${since(began)}: ${held.gate.because}`);
    await this.served.askVault('POST', 'pki/revoke', { certificate: straggler.certificatePem });
    await this.served.api.call('POST', `/v1/rotations/${id}:retry`, { headers: ANY_STATE });
    const ended = await this.served.ended(id);
    await load.stop();
    const { total, refused, renewed, resent, firstRefusal } = load.count;
    say(`${ended.status} after ${since(began)}: ${ended.explanation}`);
    say(
      `${total} requests of ${CLIENTS} clients that renewed ${renewed} times: ${refused} refused${firstRefusal ? ` (${firstRefusal})` : ''}, ${resent} sent again on a new connection`,
    );
    this.tellProbes(ended);
    return ended.status === 'succeeded' && refused === 0 && renewed > CLIENTS;
  }

  /** Looks again, until the old certificates of all who renew are over. */
  private async heldByOne(id: string): Promise<Rotation> {
    await this.served.until(id, ({ gate }) => gate?.open === false);
    for (let look = 1; look <= LOOKS; look += 1) {
      await sleep(RENEW_EVERY_MS);
      await this.served.api.call('POST', `/v1/rotations/${id}:retry`, { headers: ANY_STATE });
      const judged = await this.served.until(id, ({ gate }) => gate?.open === false);
      if (judged.gate.count === 1) return judged;
    }
    throw new Error('the clients that renew still hold certificates of the old CA');
  }

  /** Seconds from the request to the last host proven. */
  async distrust(): Promise<number> {
    const { certificatePem } = await makeCa({ commonName: 'Partners CA' });
    const today = this.served.bundles()[0] ?? '';
    const { content } = composeGeneration({ anchorsPem: [today, certificatePem], markerPem: null });
    await this.ended(await this.start({ strategy: 'replace', bundlePem: content, reason: 'partners' }));
    const [partners] = anchorsOf(parseBundle(certificatePem));
    if (partners === undefined) throw new Error('a CA was made');
    const began = Date.now();
    const anchors = [anchorId(partners)];
    const id = await this.start({ strategy: 'distrust', anchors, reason: 'their key is on the net' });
    await this.ended(id);
    const journal = await this.served.api.installation.parts.journal.read(id);
    const proofs = journal.filter(
      ({ event }) =>
        event.type === 'effect.succeeded' && event.effectId.startsWith('contract.1/host.confirm/'),
    );
    if (proofs.length !== this.served.hosts.length) throw new Error(`${proofs.length} hosts were proven`);
    return (Math.max(...proofs.map(({ at }) => Date.parse(at))) - began) / 1000;
  }

  private async start(body: object): Promise<string> {
    const asked = await this.served.api.call('POST', '/v1/rotations', {
      body: { fleetId: this.fleetId, ...body },
    });
    if (asked.status !== 202) throw new Error(asked.text);
    return asked.body.id;
  }

  private async ended(id: string): Promise<void> {
    const { status, explanation } = await this.served.ended(id);
    if (status !== 'succeeded') throw new Error(explanation);
  }

  private async enrol(commonName: string, ttl: string): Promise<IssuedLeaf> {
    const request = { common_name: commonName, ttl };
    const { data } = await this.served.askVault('POST', 'pki/issue/clients', request);
    return {
      certificatePem: String(data.certificate),
      chainPem: '',
      privateKey: new Secret(String(data.private_key)),
      issuerPem: String(data.issuing_ca),
    };
  }

  private tellProbes({ hosts }: Rotation): void {
    const probes: string[] = hosts.flatMap((host: Rotation) => host.probes);
    const kinds = new Map<string, number>();
    for (const probe of probes) {
      const kind = probe.replace(/^.*?: /, '');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    for (const [kind, count] of kinds) say(`  ${String(count).padStart(3)} x ${kind}`);
  }
}

function since(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

const hosts = numberOf('hosts', 20);
const rounds = numberOf('rounds', 3);
const served = await ServedFleet.open(hosts);
const fleetId = await served.record({ soakSeconds: 5, contractWhen: 'unused' });
const life = new WholeLife(served, fleetId);
say(`${hosts} hosts, a real Vault: an overlap rotation while clients renew`);
const good = await life.overlap();
const seconds: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  seconds.push(await life.distrust());
  say(
    `distrust ${round}: ${seconds.at(-1)?.toFixed(2)} s from the request to the last of ${hosts} hosts proven`,
  );
}
await served.stop();
say(`${good ? 'nobody was refused' : 'FAILED'}; distrust on ${hosts} hosts: ${median(seconds).toFixed(2)} s`);
process.exit(good ? 0 : 1);
