import { type LastingSessions, lastingSessions, type NginxConfig } from '#nginx-audit';
import type { HostRecord } from '../ports/fleet-store.js';
import type { HostObservation } from '../ports/host-gateway.js';
import type { Problem } from '../ports/problem.js';
import { managedFiles } from './host-faults.js';

/** TLS sessions that a client of a dropped CA would go on with, by what it takes to end them. */
export interface SessionsOnHost {
  /** Whatever the bundle says. */
  readonly whateverHappens: readonly LastingSessions[];
  /** Unless the CA names in the bundle change, as a generation marker makes them. */
  readonly unlessNamesChange: readonly LastingSessions[];
}

export function sessionsOn(observed: HostObservation, config: NginxConfig | null): SessionsOnHost {
  const all = config === null ? [] : lastingSessions(config, managedFiles(observed));
  return {
    whateverHappens: all.filter(({ endByNames }) => !endByNames),
    unlessNamesChange: all.filter(({ endByNames }) => endByNames),
  };
}

/** One fault for each server whose old sessions no bundle ends. Pure. */
export function sessionFaults(host: HostRecord, { whateverHappens }: SessionsOnHost): Problem[] {
  return whateverHappens.map(({ server, socket, defaultServer, kept }) => ({
    code: 'host.sessions-outlive',
    message: `${host.name}: clients of a dropped CA would go on with the TLS sessions that they have with ${server}: ${socket} takes them up by ${defaultServer}, which does not ask for the managed bundle, and whose ${kept.join(' and ')} keeps them over a reload.`,
    nextStep: `Set ssl_session_tickets off and ssl_session_cache none in ${defaultServer}, or let it ask for the managed bundle (ssl_client_certificate with ssl_verify_client optional).`,
  }));
}

/** The directives to change on one host where no marker ends its sessions, such as for a message. */
export function keptBy({ unlessNamesChange }: SessionsOnHost): readonly string[] {
  return [...new Set(unlessNamesChange.flatMap(({ kept }) => kept))];
}
