import { type Decision, type Effect, type RotationEvent, upcast } from '#rotation';
import type { Tone } from '../../elements/state-badge.js';
import type { JournalEntry } from '../../feed/journal-fold.js';
import { EFFECT_WORDS } from './effect-words.js';

/** What people filter the time line by. */
export const TOPICS = ['all', 'decisions', 'failures', 'hosts', 'ca'] as const;
export type Topic = (typeof TOPICS)[number];

export interface EntryWords {
  readonly topic: Exclude<Topic, 'all'>;
  readonly glyph: string;
  readonly tone: Tone;
  readonly what: string;
  /** Why, or what next; null where there is no more to say. */
  readonly more: string | null;
}

const DECISIONS: Readonly<Record<Decision['kind'], string>> = {
  go: 'Go',
  refuse: 'Decided: nothing is switched',
  keep: 'Decided: keep',
  revert: 'Decided: put everything back',
  activate: 'Decided: the new CA issues',
  contract: 'Decided: the old CA is dropped',
};

/** One entry in words. `names`: what the hosts are called, by id. */
export function entryWords(entry: JournalEntry, names: Readonly<Record<string, string>>): EntryWords {
  const event = upcast(entry.event);
  const said = { topic: 'decisions', glyph: '◆', tone: 'quiet', more: null } as const;
  switch (event.type) {
    case 'rotation.requested': {
      const { strategy, requestedBy, reason } = event.snapshot;
      return { ...said, what: `${requestedBy} asked for ${strategy}`, more: reason || null };
    }
    case 'term.taken':
      return {
        ...said,
        topic: 'ca',
        glyph: '⇄',
        what: `A worker took up ${scope(event.scope)}`,
        more: event.holder,
      };
    case 'effect.intended':
    case 'effect.succeeded':
    case 'effect.failed':
      return effect(event, names);
    case 'deadlines.renewed':
      return {
        ...said,
        topic: 'hosts',
        glyph: '◷',
        what: waiting(event.hostIds.length),
        more: `until ${event.until}`,
      };
    case 'decision.made':
      return { ...said, tone: 'busy', what: decision(event.decision), more: event.because };
    case 'rotation.paused':
      return {
        ...said,
        glyph: '‖',
        tone: 'waits',
        what: `${event.by} paused it`,
        more: event.reason.message,
      };
    case 'rotation.resumed':
      return { ...said, glyph: '▶', what: `${event.by} let it go on` };
    case 'retry.requested':
      return { ...said, glyph: '↻', what: `${event.by} asked for another try at once` };
    case 'abort.requested':
      return {
        ...said,
        glyph: '↶',
        tone: 'waits',
        what: `${event.by} asked for the way back`,
        more: event.because,
      };
    case 'gate.overridden':
      return { ...said, tone: 'waits', what: `${event.by} overrode the gate`, more: event.because };
    case 'contract.approved':
      return { ...said, glyph: '✔', tone: 'good', what: `${event.by} approved`, more: event.digest };
    case 'host.decommissioned': {
      const what = `${event.by} gave ${names[event.hostId] ?? event.hostId} up`;
      return { ...said, glyph: '–', tone: 'waits', what, more: event.because };
    }
    case 'rotation.ended': {
      const good = event.status === 'succeeded';
      const look = good ? ({ glyph: '✔', tone: 'good' } as const) : ({ glyph: '■', tone: 'waits' } as const);
      return { ...said, ...look, what: `Ended: ${event.status}`, more: event.because };
    }
  }
}

type Outcome = Extract<RotationEvent, { readonly type: `effect.${string}` }>;

function effect(event: Outcome, names: Readonly<Record<string, string>>): EntryWords {
  const id = event.type === 'effect.intended' ? event.effect.id : event.effectId;
  const { kind, hostId } = partsOf(id);
  const does = EFFECT_WORDS[kind as Effect['kind']] ?? kind;
  const what = hostId === null ? sentence(does) : `${names[hostId] ?? hostId}: ${does}`;
  const topic = hostId === null ? 'ca' : 'hosts';
  switch (event.type) {
    case 'effect.intended':
      return { topic, glyph: '…', tone: 'quiet', what, more: 'begun' };
    case 'effect.succeeded':
      return { topic, glyph: '✔', tone: 'good', what, more: null };
    case 'effect.failed': {
      const { message, nextStep } = event.reason;
      return { topic: 'failures', glyph: '✖', tone: 'bad', what, more: `${message} Next: ${nextStep}` };
    }
  }
}

/** `expand.1/host.stage/<id>`, `activate.1/ca.allow-new`, `ca.survey`. */
export function partsOf(id: string): { readonly kind: string; readonly hostId: string | null } {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part in EFFECT_WORDS);
  return { kind: parts[at] ?? id, hostId: at >= 0 ? (parts[at + 1] ?? null) : null };
}

function decision(made: Decision): string {
  const words = DECISIONS[made.kind];
  const attempt = made.attempt > 1 ? `, attempt ${made.attempt}` : '';
  if (made.kind === 'go')
    return `${words}: ${made.transition}, ${made.wave === 0 ? 'canary' : `wave ${made.wave}`}${attempt}`;
  return 'transition' in made ? `${words} (${made.transition}${attempt})` : `${words}${attempt}`;
}

function scope(name: string): string {
  if (name === 'coordinator') return 'the decisions and the CA';
  return name === 'all' ? 'everything' : `batch ${name.slice('batch/'.length)} of the hosts`;
}

function waiting(hosts: number): string {
  return hosts === 1
    ? '1 switched host waits on for the decision'
    : `${hosts} switched hosts wait on for the decision`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
