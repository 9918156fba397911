import { describe, expect, it } from 'vitest';
import type { BundleCertificate } from '#trust';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';
import { refuseUnmarkedSessions } from './unmarked-sessions.js';

const ca = (subject: string, keyDigest: string) => ({ subject, keyDigest, ski: null }) as BundleCertificate;
const [OLD, REKEYED, NEW] = [ca('CN=clients', '1'), ca('CN=clients', '2'), ca('CN=new', '3')];
const KEPT = { a: ['ssl_session_ticket_key (/etc/nginx/nginx.conf:12)'], b: [] };

interface World {
  readonly generationMarker?: boolean;
  readonly strategy?: string;
  /** What each host told when it was inspected. */
  readonly kept?: Readonly<Record<string, readonly string[]>>;
  readonly after?: readonly BundleCertificate[] | null;
}

function problemOf({
  generationMarker = false,
  strategy = 'overlap',
  kept = KEPT,
  after = [REKEYED],
}: World) {
  const told = Object.entries(kept).map(
    ([host, sessionsKeptBy]) => [`expand.1/host.inspect/${host}`, { result: { sessionsKeptBy } }] as const,
  );
  const context = {
    fleet: { name: 'edge', generationMarker },
    state: { snapshot: { strategy, hostNames: { a: 'edge-a', b: 'edge-b' } }, effects: new Map(told) },
  } as unknown as EffectContext;
  try {
    refuseUnmarkedSessions(context, ['a', 'b'], [OLD, REKEYED], after);
    return null;
  } catch (error) {
    if (error instanceof PortError) return error.problem;
    throw error;
  }
}

describe('a switch without a marker', () => {
  it('F16: is refused where the names stay the same and a host keeps sessions, by host and directive', () => {
    const problem = problemOf({});
    expect(problem?.code).toBe('host.sessions-outlive');
    expect(problem?.message).toContain('edge-a: ssl_session_ticket_key (/etc/nginx/nginx.conf:12).');
    expect(problem?.message).not.toContain('edge-b');
  });

  it.each<[string, World]>([
    ['the fleet has one after all', { generationMarker: true }],
    ['no host keeps sessions', { kept: { a: [], b: [] } }],
    ['the names change', { after: [NEW] }],
    ['nobody is dropped', { after: [OLD, REKEYED] }],
    ['the generation is the one that there is', { after: null }],
    ['it cannot wait', { strategy: 'distrust' }],
  ])('is not refused where %s', (_, world) => {
    expect(problemOf(world)).toBeNull();
  });
});
