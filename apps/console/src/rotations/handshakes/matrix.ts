import { type EffectRecord, isHostEffect, type RotationState } from '#rotation';

/** Who knocks at a listener. */
export const CALLERS = ['old', 'new', 'none', 'stranger', 'resumed'] as const;
export type Caller = (typeof CALLERS)[number];

export type Verdict = 'accepted' | 'refused';

export interface Answer {
  readonly verdict: Verdict;
  /** RFC 3339: when the proof that it is of ended. */
  readonly at: string;
  /** Every line of the transcript that says so. */
  readonly lines: readonly string[];
}

/** One listener of one host, and what it answered to whom; what nobody asked is missing. */
export interface ListenerRow {
  readonly hostId: string;
  readonly hostName: string;
  readonly listener: string;
  readonly answers: Readonly<Partial<Record<Caller, Answer>>>;
}

/** A proof of what the host serves from then on: what it answered before is of another generation. */
const BEGINS_ANEW: ReadonlySet<string> = new Set(['host.prove', 'host.prove-reverted', 'host.confirm']);

/**
 * What every listener answered since the last switch of its host. Read from the transcripts of the proofs, which are
 * all that the journal has of them; a line that is not understood is in no cell.
 */
export function handshakes(state: RotationState): readonly ListenerRow[] {
  const rows = new Map<string, Map<string, Partial<Record<Caller, Answer>>>>();
  for (const record of state.effects.values()) {
    const probes = probesOf(record);
    if (probes === null || !isHostEffect(record.effect)) continue;
    const { hostId, kind } = record.effect;
    const known = BEGINS_ANEW.has(kind) ? undefined : rows.get(hostId);
    rows.set(hostId, heard(known ?? new Map(), probes, record.at));
  }
  const names = state.snapshot.hostNames;
  return state.snapshot.waves.flat().flatMap((hostId) => {
    const hostName = names[hostId] ?? hostId;
    const listeners = [...(rows.get(hostId) ?? [])];
    if (listeners.length === 0) return [{ hostId, hostName, listener: '', answers: {} }];
    return listeners.map(([listener, answers]) => ({ hostId, hostName, listener, answers }));
  });
}

function probesOf({ status, result }: EffectRecord): readonly string[] | null {
  const { probes } = result;
  return status === 'done' && Array.isArray(probes) && probes.length > 0 ? probes.map(String) : null;
}

function heard(
  rows: Map<string, Partial<Record<Caller, Answer>>>,
  probes: readonly string[],
  at: string,
): Map<string, Partial<Record<Caller, Answer>>> {
  const fresh = new Map<string, Partial<Record<Caller, Answer>>>();
  for (const line of probes) {
    const said = lineRead(line);
    if (said === null) continue;
    const answers = fresh.get(said.listener) ?? {};
    for (const caller of said.callers) answers[caller] = worse(answers[caller], said.verdict, line, at);
    fresh.set(said.listener, answers);
  }
  for (const [listener, answers] of fresh) rows.set(listener, { ...rows.get(listener), ...answers });
  return rows;
}

/** Asked in several ways, one that got in is what counts. */
function worse(known: Answer | undefined, verdict: Verdict, line: string, at: string): Answer {
  const accepted = verdict === 'accepted' || known?.verdict === 'accepted';
  return { verdict: accepted ? 'accepted' : 'refused', at, lines: [...(known?.lines ?? []), line] };
}

interface Said {
  readonly listener: string;
  readonly callers: readonly Caller[];
  readonly verdict: Verdict;
}

/** `10.0.0.1:443/ (SNI edge.test): a client of the old CA refused, as it must` */
const LINE = /^(\S+ \((?:SNI [^)]*|no SNI)\)): (.*?) (accepted|refused)\b/;
const OLD = /^(a client of (the old CA|the issuing CA|what is distrusted))\b/;
const NEW = /^(a client of the new CA|the client of the canary CA)\b/;

const read = new Map<string, Said | null>();
/** Hosts say the same again and again; beyond so many all of it is read anew. */
const MOST_READ = 20_000;

function lineRead(line: string): Said | null {
  const known = read.get(line);
  if (known !== undefined) return known;
  if (read.size >= MOST_READ) read.clear();
  const said = readLine(line);
  read.set(line, said);
  return said;
}

export function readLine(line: string): Said | null {
  const [, listener = '', who = '', verdict] = LINE.exec(line) ?? [];
  if (verdict !== 'accepted' && verdict !== 'refused') return null;
  const callers = callersIn(who);
  return callers.length === 0 ? null : { listener, callers, verdict };
}

function callersIn(who: string): readonly Caller[] {
  if (who === 'no certificate and a stranger') return ['none', 'stranger'];
  if (/ with its .* of before the switch/.test(who)) return / was$/.test(who) ? [] : ['resumed'];
  // A client of a CA that stays in a bundle by the one above it gets in when it sends its CA along, which is said apart.
  if (/ that sends its CA along$/.test(who)) return [];
  if (OLD.test(who)) return ['old'];
  return NEW.test(who) ? ['new'] : [];
}
