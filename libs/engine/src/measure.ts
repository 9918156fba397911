import type { Observation } from '#rotation';
import type { Probe, ProbeAnswer, ProbeIdentity, ProbeTarget } from './ports/probe.js';
import { PortError } from './ports/problem.js';

/** What happened in this process, for whoever counts it. */
export type Measurement =
  | Observation
  /** Any client that was played: good ones, and the controls that must be refused. */
  | { readonly kind: 'probed'; readonly answer: 'answered' | 'refused' | 'none' }
  /** A CA or a host said no, or nothing, whoever asked: rotations, schedules, previews. */
  | { readonly kind: 'port-failed'; readonly port: 'ca' | 'host'; readonly code: string };

/** Counts. It must not throw, and nobody waits for it. */
export type Measure = (measurement: Measurement) => void;

export const unmeasured: Measure = () => undefined;

/** The same port, whose PortErrors are told to `measure` on their way. */
export function counted<Port extends object>(port: Port, name: 'ca' | 'host', measure: Measure): Port {
  const told = (error: unknown): never => {
    if (error instanceof PortError) measure({ kind: 'port-failed', port: name, code: error.problem.code });
    throw error;
  };
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      // Bound to the port itself: its private fields are of no proxy.
      return (...given: unknown[]) => {
        const answer: unknown = member.apply(target, given);
        return answer instanceof Promise ? answer.catch(told) : answer;
      };
    },
  });
}

/** nginx's own refusals, and what a guard on `$ssl_client_verify` answers (libs/trust judges them; this only counts). */
const REFUSALS: readonly number[] = [400, 403, 495, 496];

/** The same probe, whose answers are told to `measure`. */
export function countedProbe(probe: Probe, measure: Measure): Probe {
  return {
    async ask(target: ProbeTarget, identity: ProbeIdentity | null) {
      const answer = await probe.ask(target, identity);
      measure({ kind: 'probed', answer: kindOf(answer) });
      return answer;
    },
    async visit(target, identity, coming) {
      const visit = await probe.visit(target, identity, coming);
      measure({ kind: 'probed', answer: kindOf(visit.answer) });
      return visit;
    },
    servedCaNames: (target) => probe.servedCaNames(target),
  };
}

function kindOf(answer: ProbeAnswer): 'answered' | 'refused' | 'none' {
  if (answer.kind === 'no-answer') return 'none';
  const refused = answer.kind === 'tls-refused' || REFUSALS.includes(answer.status);
  return refused ? 'refused' : 'answered';
}
