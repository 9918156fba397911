import { durationSeconds } from './durations.js';

/** The part of a Vault role that the sandbox acts on. */
export interface SandboxRole {
  readonly issuerRef: string;
  readonly allowAnyName: boolean;
  readonly clientFlag: boolean;
  readonly serverFlag: boolean;
  /** Seconds, 0 when not set. */
  readonly ttl: number;
  readonly maxTtl: number;
  readonly noStore: boolean;
}

/** A role from the fields of a request, with Vault's defaults for those not given. */
export function parseRole(fields: Readonly<Record<string, unknown>>): SandboxRole {
  return {
    issuerRef: String(fields.issuer_ref ?? 'default'),
    allowAnyName: fields.allow_any_name === true,
    clientFlag: fields.client_flag !== false,
    serverFlag: fields.server_flag !== false,
    ttl: durationSeconds(fields.ttl),
    maxTtl: durationSeconds(fields.max_ttl),
    noStore: fields.no_store === true,
  };
}

/** What Vault shows of a role. */
export function describeRole(role: SandboxRole) {
  return {
    issuer_ref: role.issuerRef,
    allow_any_name: role.allowAnyName,
    client_flag: role.clientFlag,
    server_flag: role.serverFlag,
    ttl: role.ttl,
    max_ttl: role.maxTtl,
    no_store: role.noStore,
    not_after: '',
    key_type: 'ec',
    key_bits: 256,
  };
}
