import {
  fleetsOf,
  generationsFor,
  judgeUsage,
  type OldCaUser,
  type SeenFacts,
  type UsageVerdict,
} from '#rotation';
import { anchorsIn } from '../generation-anchors.js';
import { type HostClients, isProbeLeaf, sightingsOn, withoutProbe } from '../inspection/client-sightings.js';
import type { OutstandingLeaves } from '../ports/ca-source.js';
import type { ClientSighting } from '../ports/host-gateway.js';
import { issuerById, oldIssuerId } from './ca-effects.js';
import { type EffectContext, required } from './context.js';
import { caCertificate } from './issuer-certificate.js';

/** Asks the CA and the logs of the hosts who may still need the old issuer, and judges whether it may be dropped. */
export async function judgeOldCaUsage(
  context: EffectContext,
): Promise<UsageVerdict & Record<string, unknown>> {
  const { ports, fleet, state } = context;
  const { issuingCa } = fleet;
  const oldId = oldIssuerId(context);
  const old = caCertificate(await issuerById(context, oldId), issuingCa);
  const { leaves, unknown, longestTtlSeconds } = await ports.ca.outstanding(issuingCa, oldId);
  const restricted = state.effects.get(`activate.${state.attempt.activate}/ca.restrict-old`);
  const stoppedAt = Date.parse(required(restricted ?? null, 'ca.restrict-old').at);
  const facts = { oldCa: old.subject, stoppedAt, endsAt: old.notAfter, longestTtlSeconds, unknown };
  const seen = await seenOnFleets(context, old.subject);
  return { ...judgeUsage({ ...facts, held: leaves.flatMap(userOf), seen }, ports.clock.now()) };
}

function userOf({ subject, serial, notAfter }: OutstandingLeaves['leaves'][number]): OldCaUser[] {
  if (isProbeLeaf(subject)) return [];
  return [{ name: subject, serial, until: new Date(notAfter).toISOString(), lastSeen: null }];
}

/** Null where a fleet keeps no log: then the hosts cannot tell. */
async function seenOnFleets(context: EffectContext, oldCa: string): Promise<SeenFacts | null> {
  const { ports, state } = context;
  const found: Omit<SeenFacts, 'windowMs'>[] = [];
  for (const { fleetId, hostIds } of fleetsOf(state.snapshot)) {
    const fleet = await ports.fleets.fleet(fleetId);
    if (fleet.clientLog === null) return null;
    const active = fleet.hosts.filter(({ id }) => hostIds.includes(id) && !state.decommissioned.has(id));
    const hosts = await sightingsOn(ports.hosts, active, fleet.clientLog);
    const { next } = required(generationsFor(state, fleetId), 'generations.build');
    const staying = anchorsIn(await ports.fleets.generation(next.id)).map(({ subject }) => subject);
    const probe = await ports.rotations.leaf(state.snapshot.rotationId, 'old');
    found.push(seenOn(withoutProbe(hosts, probe?.certificatePem ?? null), staying, oldCa));
  }
  return {
    since: Math.max(...found.map(({ since }) => since)),
    unknown: found.flatMap(({ unknown }) => unknown),
    users: found.flatMap(({ users }) => users),
    windowMs: state.snapshot.soakSeconds * 1000,
  };
}

/**
 * Whoever did not come with a certificate that an anchor which stays signed itself may need what is dropped: between a
 * client and its anchor there may be intermediates that a log does not name.
 */
function seenOn(
  hosts: readonly HostClients[],
  staying: readonly string[],
  oldCa: string,
): Omit<SeenFacts, 'windowMs'> {
  const others = staying.filter((subject) => subject !== oldCa);
  const twins = staying.length > others.length;
  const same = `two CAs in the bundle have the name ${oldCa}, which a log cannot tell apart`;
  return {
    since: Math.max(...hosts.map(({ since }) => since ?? Number.POSITIVE_INFINITY)),
    unknown: [
      ...(twins ? [same] : []),
      ...hosts.flatMap(({ host, unknown }) => (unknown === null ? [] : [`${host}: ${unknown}`])),
    ],
    users: hosts.flatMap(({ clients }) =>
      clients.filter(({ issuer }) => !others.includes(issuer)).map((one) => seenUser(one, oldCa)),
    ),
  };
}

function seenUser({ subject, serial, issuer, lastSeen }: ClientSighting, oldCa: string): OldCaUser {
  const name = issuer === oldCa ? subject : `${subject} (issued by ${issuer})`;
  return { name, serial, until: null, lastSeen: new Date(lastSeen).toISOString() };
}
