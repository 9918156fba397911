import { PortError } from '#engine';

/** What the demo reads of a rotation; the reply has more. */
export interface RotationReply {
  readonly id: string;
  readonly status: string;
  readonly phase: string;
  readonly explanation: string;
  readonly hosts: readonly HostReply[];
}

export interface HostReply {
  readonly name: string;
  readonly step: string;
  readonly serving: string;
  readonly reason: { readonly message: string } | null;
}

/** Speaks with our own API as any user would: over HTTP, with a key. */
export class ApiClient {
  constructor(
    readonly address: string,
    private readonly key: string,
  ) {}

  /** Throws PortError with what the problem said. */
  async post<T>(path: string, body: object): Promise<T> {
    return this.send(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async get<T>(path: string): Promise<T> {
    return this.send(path, { method: 'GET' });
  }

  /** True when the API answers that it can serve. */
  async ready(): Promise<boolean> {
    const reply = await fetch(`${this.address}/readyz`).catch(() => null);
    return reply?.ok ?? false;
  }

  private async send<T>(path: string, init: RequestInit): Promise<T> {
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.address}${path}`, { ...init, headers });
    const body = await response.json();
    if (response.ok) return body as T;
    const { code, detail, nextAction } = body as { code?: string; detail?: string; nextAction?: string };
    throw new PortError({
      code: code ?? `http.${response.status}`,
      message: `${init.method} ${path}: ${detail ?? response.statusText}`,
      nextStep: nextAction ?? 'Read the API log.',
    });
  }
}
