import { createHash } from 'node:crypto';
import { Secret } from '#engine';
import { SshHostGateway } from '#host';
import { bootFleet, makeCa, type TestHost } from '#kit';

/** How long real hosts of test/kit take for each step over a channel that is open: quantiles for host-latencies.ts. */
const HOSTS = 4;
const ROUNDS = 15;
const LONG_MS = 600_000;
const STEPS = ['observe', 'openssl', 'stage', 'commit', 'renew', 'confirm', 'revert', 'discard'] as const;

type Step = (typeof STEPS)[number];

const old = (await makeCa({ commonName: 'Old' })).certificatePem;
const from = bundle(old);
const to = bundle(old + (await makeCa({ commonName: 'New' })).certificatePem);
const fleet = await bootFleet({ hosts: HOSTS, bundlePem: old });
const gateway = new SshHostGateway();
const took = new Map<Step, number[]>(STEPS.map((step) => [step, []]));
let serial = 0;
// One after another: what two hosts on one core take is not what either takes.
for (const host of fleet.hosts) for (let round = 0; round <= ROUNDS; round += 1) await measure(host, round);
await gateway.close();
await fleet.stop();
for (const [step, values] of took) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => Math.round(sorted[Math.floor(place * (sorted.length - 1))] ?? 0);
  process.stdout.write(`  ${step}: [${[0, 0.25, 0.5, 0.75, 0.95, 1].map(at).join(', ')}],\n`);
}
process.exit(0);

/** The first round opens the channel and has nginx read its files, and is not counted. */
async function measure(testHost: TestHost, round: number): Promise<void> {
  const host = targetOf(testHost);
  const timed = async (step: Step, work: () => Promise<unknown>) => {
    const begun = performance.now();
    await work();
    if (round > 0) took.get(step)?.push(performance.now() - begun);
  };
  await timed('observe', () => gateway.observe(host));
  await timed('openssl', () => gateway.openssl(host));
  await timed('stage', () => gateway.stage(host, token(), from.digest, to, LONG_MS));
  await timed('discard', () => gateway.discard(host, token()));
  await gateway.stage(host, token(), from.digest, to, LONG_MS);
  await timed('commit', () => gateway.commit(host, token(), from.digest, to.digest, LONG_MS));
  await timed('renew', () => gateway.renew(host, token(), to.digest, LONG_MS));
  await timed('confirm', () => gateway.confirm(host, token(), to.digest));
  await timed('revert', () => gateway.revert(host, token(), from.digest, to.digest));
}

function token() {
  serial += 1;
  return { installation: 'measure', rotation: 'measure', epoch: 1, term: 1, serial };
}

function bundle(content: string) {
  return { content, digest: createHash('sha256').update(content).digest('hex') };
}

function targetOf({ name, address, sshPort: port, hostKey, privateKey, managedPath }: TestHost) {
  return {
    ...{ id: name, name, fleetId: 'fleet', address, port, user: 'root', hostKey, nginxBinary: 'nginx' },
    ...{ privateKey: new Secret(privateKey), managedPaths: [managedPath] },
  };
}
