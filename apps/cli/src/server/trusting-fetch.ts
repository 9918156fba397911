import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';

const WITHOUT_BODY = [204, 304];

/** `fetch` for a server whose certificate chains to these CAs (PEM) and to no others: Node's own knows no such thing. */
export function fetchTrusting(caPem: string): (request: Request) => Promise<Response> {
  const agent = new https.Agent({ ca: caPem, keepAlive: true });
  return async (request) => {
    const outgoing = https.request(request.url, {
      ...{ agent, method: request.method, headers: Object.fromEntries(request.headers) },
    });
    outgoing.end(request.body === null ? undefined : Buffer.from(await request.arrayBuffer()));
    const [incoming] = (await once(outgoing, 'response').catch(asFetchSaysIt)) as [IncomingMessage];
    return replyOf(incoming);
  };
}

function asFetchSaysIt(cause: unknown): never {
  throw new TypeError('fetch failed', { cause });
}

async function replyOf(incoming: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const status = incoming.statusCode ?? 0;
  // As `redirect: 'error'` does: nobody else may see the key.
  if (status >= 300 && status < 400 && status !== 304) {
    throw new TypeError('fetch failed', { cause: new Error(`the server redirects (${status})`) });
  }
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new Response(WITHOUT_BODY.includes(status) ? null : Buffer.concat(chunks), { status, headers });
}
