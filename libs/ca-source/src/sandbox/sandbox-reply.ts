import { randomUUID } from 'node:crypto';

/** An HTTP reply in Vault's shape; no `body` for 204. */
export interface SandboxReply {
  readonly status: number;
  readonly body?: unknown;
}

/** Thrown anywhere below a route; becomes Vault's `{"errors": [...]}` with this status. */
export class SandboxRefusal extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly string[],
  ) {
    super(errors.join('; '));
    this.name = 'SandboxRefusal';
  }
}

/** Vault gives some of its errors as a list, as its Go libraries print it. */
export function asErrorList(...texts: readonly string[]): string {
  const count = texts.length === 1 ? '1 error' : `${texts.length} errors`;
  return `${count} occurred:\n${texts.map((text) => `\t* ${text}\n`).join('')}\n`;
}

/** 200 with the envelope that Vault puts around every secret. */
export function withData(data: unknown, warnings: readonly string[] = []): SandboxReply {
  return {
    status: 200,
    body: {
      request_id: randomUUID(),
      lease_id: '',
      renewable: false,
      lease_duration: 0,
      data,
      wrap_info: null,
      warnings: warnings.length === 0 ? null : warnings,
      auth: null,
      mount_type: 'pki',
    },
  };
}

export const NO_CONTENT: SandboxReply = { status: 204 };
