import type { IncomingMessage } from 'node:http';
import { SandboxRefusal } from './sandbox-reply.js';

/** What the sandbox needs to know of an HTTP request. */
export interface SandboxRequest {
  /** `LIST` also for a GET with `?list=true`, as in Vault. */
  readonly method: string;
  /** Decoded path without `/v1/` and without slashes at the ends. */
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly contentType: string;
  /** `X-Vault-Token`, empty when not sent. */
  readonly token: string;
}

const LARGEST_BODY_BYTES = 1_000_000;

/** Reads the whole request. Throws SandboxRefusal for a body that is too large or not a JSON object. */
export async function readRequest(message: IncomingMessage): Promise<SandboxRequest> {
  const url = new URL(message.url ?? '/', 'http://sandbox');
  const listed = message.method === 'GET' && /^(true|1)$/.test(url.searchParams.get('list') ?? '');
  return {
    method: listed ? 'LIST' : (message.method ?? 'GET'),
    path: decodePath(url.pathname),
    fields: parseFields(await readBody(message)),
    contentType: message.headers['content-type'] ?? '',
    token: String(message.headers['x-vault-token'] ?? ''),
  };
}

function decodePath(pathname: string): string {
  if (!pathname.startsWith('/v1/')) throw new SandboxRefusal(404, []);
  try {
    return decodeURIComponent(pathname.slice('/v1/'.length)).replace(/\/+$/, '');
  } catch {
    throw new SandboxRefusal(400, ['the path is not valid percent-encoding']);
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    size += part.length;
    if (size > LARGEST_BODY_BYTES) throw new SandboxRefusal(413, ['request body too large']);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseFields(body: string): Readonly<Record<string, unknown>> {
  if (body === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {
    // Refused below, together with JSON that is not an object.
  }
  throw new SandboxRefusal(400, ['failed to parse JSON input: it must be an object']);
}
