import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CloudEvent } from 'cloudevents';
import { Webhook } from 'standardwebhooks';

/** One request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers with: a status, or `hang` for no answer at all. */
export type Answer = number | 'hang';

/** Somebody else's program that webhooks lead to, on loopback. */
export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** Everything so far, in order. */
  readonly received: readonly Received[];
  /** How it answers from now on; 204 at first. */
  answer: Answer;
  /** Headers of each reply. */
  replyHeaders: Record<string, string>;
  stop(): Promise<void>;
}

export interface ReceiverSettings {
  readonly address?: string;
  readonly port?: number;
  /** https, with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function startWebhookReceiver(settings: ReceiverSettings = {}): Promise<WebhookReceiver> {
  const { address = '127.0.0.1', port = 0, tls } = settings;
  const received: Received[] = [];
  const state = { answer: 204 as Answer, replyHeaders: {} as Record<string, string> };
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    received.push({ path: request.url ?? '', headers: request.headers, body });
    if (state.answer !== 'hang') response.writeHead(state.answer, state.replyHeaders).end();
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return Object.assign(state, {
    ...{ received, port: bound },
    url: `${tls ? 'https' : 'http'}://${address}:${bound}/hook`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** The event, verified as a receiver would: by its signature, then as a CloudEvent. Throws where either is bad. */
export function verified({ headers, body }: Received, secret: string): CloudEvent<Record<string, unknown>> {
  const event = new Webhook(secret).verify(body, headers as Record<string, string>);
  return new CloudEvent(event as Partial<CloudEvent<Record<string, unknown>>>, true) as CloudEvent<
    Record<string, unknown>
  >;
}
