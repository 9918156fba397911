import { REASON, stillUsed } from './lives.fixture.js';
import { type Answer, Rehearsal, type Reports, START } from './rehearsal.js';
import type { RotationSnapshot } from './vocabulary.js';

const HOUR = 3_600_000;

export const refOf = (id: string) => ({ id, number: 1, digest: id, marker: null });
export const until = (hours: number) => new Date(START + hours * HOUR).toISOString();

export interface RefreshLife {
  readonly answer?: Answer;
  /** Which looks find CRLs that are worth a switch, counted from 1; all when left out. */
  readonly finds?: (look: number) => boolean;
  /** When the first CRL of the overlap that was built ends, in hours after the beginning. */
  readonly crlEnds?: number;
  readonly instead?: Partial<RotationSnapshot>;
}

/** A fleet that checks revocation, and whose gate stays closed for three hours. */
export function refreshLife({
  answer,
  finds = () => true,
  crlEnds = 72,
  instead = {},
}: RefreshLife = {}): Rehearsal {
  let looks = 0;
  const reports: Reports = ({ kind }, { now }) => {
    if (kind === 'generations.build') {
      const ends = { issuer: 'CN=old', at: until(crlEnds) };
      return { overlap: refOf('overlap'), next: refOf('next'), trustDiff: '+1 -1', crlEnds: ends };
    }
    if (kind !== 'crls.renew') return {};
    looks += 1;
    if (!finds(looks)) return { renewed: [] };
    const ends = { issuer: 'CN=old', at: new Date(now + 72 * HOUR).toISOString() };
    const samples = { accepted: 1, refused: ['laptop'] };
    const overlap = refOf(`overlap with look ${looks}`);
    return { renewed: [{ fleetId: 'f1', overlap, samples, crlEnds: ends }] };
  };
  return new Rehearsal(answer, (now) => stillUsed(START, now), instead, reports);
}

/** Lives in which the CRLs of the overlap are exchanged: in peace, in vain at first, and while a person is awaited. */
export const REFRESH_LIVES: readonly (() => Rehearsal)[] = [
  () => refreshLife(),
  () => refreshLife({ answer: ({ id }) => (id.includes('refresh.1/host.stage/c') ? 'fails' : 'ok') }),
  () => refreshLife({ answer: ({ id }) => (id.includes('refresh.1/host.prove/b') ? 'fails' : 'ok') }),
  () => refreshLife({ answer: ({ id }) => (id.includes('refresh.1/crls.renew') ? 'fails' : 'ok') }),
  () => refreshLife({ answer: ({ id }) => (id.includes('activate.1/host.canary/b') ? 'fails' : 'ok') }),
  pausedInTheSoak,
];

/** A person holds the rotation while its gate is closed. */
export function pausedInTheSoak(): Rehearsal {
  const life = refreshLife();
  life.run(({ phase }) => phase === 'soak');
  life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
  life.run(({ decisions }) => decisions.has('outcome/refresh.2'));
  return life;
}
