import type { HostRecord } from '../ports/fleet-store.js';
import type { ProbeIdentity, ProbeTarget, SessionKind, Visit } from '../ports/probe.js';
import type { EffectContext } from './context.js';
import { placeLabel } from './listeners.js';
import type { SavedAtTarget, SavedSession } from './saved-sessions.js';
import type { ShutOut } from './shut-out.js';
import { waysTo } from './ways.js';

const KINDS: readonly SessionKind[] = ['TLS 1.2 session id', 'TLS 1.2 ticket', 'TLS 1.3 ticket'];

type Found = SavedSession | string;

/**
 * Before a switch that shuts somebody out: as one of them, a session of every server of each target's socket, each taken up
 * once at the target, so that its refusal later means something. What the network does here is no fault of the host:
 * it is told with the proof.
 */
export async function saveSessions(
  context: EffectContext,
  host: HostRecord,
  shutOut: ShutOut | null,
): Promise<void> {
  const identity = shutOut?.leaf ?? null;
  if (identity === null) return;
  const saved = await Promise.all(
    host.probeTargets.map(async (target) => {
      const found = await saveAt(context, host, target, identity);
      return [placeLabel(target, target.path), found] as const;
    }),
  );
  context.sessions.keep(context.state.snapshot.rotationId, host.id, new Map(saved));
}

async function saveAt(
  context: EffectContext,
  host: HostRecord,
  target: ProbeTarget,
  identity: ProbeIdentity,
): Promise<SavedAtTarget> {
  const servers = [
    { says: '', itself: target },
    ...waysTo(context.state, host, target).map(({ says, itself }) => ({ says, itself })),
  ];
  const found = await Promise.all(
    servers.flatMap((server) => KINDS.map((kind) => saveOne(context, target, server, identity, kind))),
  );
  return {
    sessions: found.filter((one) => typeof one !== 'string'),
    without: found.filter((one) => typeof one === 'string'),
  };
}

async function saveOne(
  { ports: { probe } }: EffectContext,
  target: ProbeTarget,
  { says, itself }: { says: string; itself: ProbeTarget },
  identity: ProbeIdentity,
  kind: SessionKind,
): Promise<Found> {
  const given = says === '' ? kind : `${kind} got ${says}`;
  const first = await probe.visit(itself, identity, { kind, session: null });
  if (first.session === null) return `no ${given} (${whyNone(first)})`;
  const again = await probe.visit(target, identity, { kind, session: first.session });
  if (!again.resumed) return `no ${given} (it is not taken up here)`;
  // A TLS 1.3 server may take each of them up once (RFC 8446 C.4).
  return { kind, given, before: again.answer, session: again.session ?? first.session };
}

function whyNone({ answer }: Visit): string {
  if (answer.kind === 'no-answer') return `no answer: ${answer.reason}`;
  if (answer.kind === 'tls-refused') return `TLS alert ${answer.alert}`;
  return 'none is given';
}
