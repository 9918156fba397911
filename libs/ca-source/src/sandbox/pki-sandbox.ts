import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secret } from '#engine';
import { SANDBOX_VERSION, SandboxCore } from './sandbox-core.js';
import { SandboxRefusal, type SandboxReply } from './sandbox-reply.js';
import { readRequest } from './sandbox-request.js';

export interface PkiSandbox {
  /** Such as `http://127.0.0.1:8200`. */
  readonly address: string;
  /** For PUT `sys/unseal`, after somebody sealed it. */
  readonly unsealKey: string;
  /** Stops listening and drops everything, keys included. */
  close(): Promise<void>;
}

/**
 * Starts a PKI on loopback that speaks the part of Vault's HTTP API that Windlass uses, with Vault's status codes
 * and error texts. For the demo and for development: it keeps its CA keys in memory, has no policies, and says of
 * itself that it is not Vault. `port` 0 takes a free one. Rejects when the port is taken.
 */
export async function startPkiSandbox(options: {
  readonly port?: number;
  readonly token: Secret;
}): Promise<PkiSandbox> {
  const core = new SandboxCore(options.token);
  const server = createServer((request, response) => void respond(core, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unsealKey: core.unsealKey,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(core: SandboxCore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await readRequest(request)
    .then((read) => core.answer(read))
    .catch(asRefusal);
  response.statusCode = reply.status;
  response.setHeader('Server', `windlass-pki-sandbox/${SANDBOX_VERSION}`);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/json');
  response.end(reply.body === undefined ? undefined : `${JSON.stringify(reply.body)}\n`);
}

function asRefusal(thrown: unknown): SandboxReply {
  if (thrown instanceof SandboxRefusal) return { status: thrown.status, body: { errors: thrown.errors } };
  return { status: 500, body: { errors: [`defect of the sandbox: ${String(thrown)}`] } };
}
