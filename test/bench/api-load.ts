import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { parentPort } from 'node:worker_threads';

/** What is sent again and again. */
export interface Load {
  readonly url: string;
  /** Sent as JSON, each time with another `name`; null: a GET. */
  readonly body: object | null;
  readonly key: string;
  readonly status: number;
  /** Connections, each with one request at once. */
  readonly clients: number;
  readonly milliseconds: number;
}

/** How many were answered in how many seconds, or why one was not answered as it should be. */
export type Held = { readonly answered: number; readonly seconds: number } | { readonly wrong: string };

// In a thread of its own, so that what sends takes no time of the one that answers.
parentPort?.on('message', (load: Load) => {
  void hold(load)
    .catch((error: unknown): Held => ({ wrong: String(error) }))
    .then((held) => parentPort?.postMessage(held));
});

async function hold(load: Load): Promise<Held> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients });
  const begun = performance.now();
  let answered = 0;
  const client = async () => {
    while (performance.now() - begun < load.milliseconds) {
      await send(load, agent);
      answered += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: load.clients }, client));
    return { answered, seconds: (performance.now() - begun) / 1_000 };
  } finally {
    agent.destroy();
  }
}

async function send({ url, body, key, status }: Load, agent: Agent): Promise<void> {
  const sent = body === null ? null : JSON.stringify({ ...body, name: randomUUID() });
  const headers = {
    Authorization: `Bearer ${key}`,
    ...(sent === null
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(sent) }),
  };
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(url, { agent, headers, method: sent === null ? 'GET' : 'POST' }, (reply) => {
      text(reply).then((said) => {
        if (reply.statusCode === status) resolve();
        else reject(new Error(`${url}: ${reply.statusCode} ${said.slice(0, 500)}`));
      }, reject);
    });
    outgoing.on('error', reject).end(sent ?? undefined);
  });
}
