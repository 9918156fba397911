import { lookup } from 'node:dns/promises';
import { request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import { context, propagation } from '@opentelemetry/api';
import { PortError, type WebhookMessage, WebhookSender } from '#engine';
import type { AllowedAddresses } from './allowed-addresses.js';
import { signedHeaders } from './signature.js';
import { hostOf, pinned, type Resolve, targetOf, unresolved } from './webhook-target.js';

export interface SenderSettings {
  /** From the lookup to the status of the reply, in milliseconds; 15 s by default. */
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
  /** PEM of the CAs that receivers are trusted by, instead of those of Node. */
  readonly ca?: string;
}

const TIMEOUT_MS = 15_000;
/** Bytes of the reply's headers; its body is not read at all. */
const MOST_HEADER_BYTES = 16_384;

/** POSTs with node:https, on a connection of its own, to addresses that were judged before. */
export class HttpWebhookSender extends WebhookSender {
  constructor(
    private readonly allowed: AllowedAddresses,
    private readonly settings: SenderSettings = {},
  ) {
    super();
  }

  override check(url: string): void {
    targetOf(url, this.allowed);
  }

  override async send(message: WebhookMessage): Promise<number> {
    const url = targetOf(message.url, this.allowed);
    const { timeoutMs = TIMEOUT_MS } = this.settings;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const dial = await this.pin(url, deadline.signal);
      return await this.post(url, message, dial, deadline.signal);
    } catch (error) {
      if (error instanceof PortError) throw error;
      throw deadline.signal.aborted ? timedOut(url, timeoutMs) : unreachable(url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  private async pin(url: URL, signal: AbortSignal): Promise<LookupFunction> {
    const resolve: Resolve = async (name) => {
      const found = (this.settings.resolve ?? lookUp)(name);
      return Promise.race([found, aborted(signal)]).catch((error: unknown) => {
        if (signal.aborted) throw error;
        throw unresolved(name);
      });
    };
    return pinned(url, this.allowed, resolve);
  }

  private post(
    url: URL,
    message: WebhookMessage,
    dial: LookupFunction,
    signal: AbortSignal,
  ): Promise<number> {
    const { ca } = this.settings;
    const options: RequestOptions = {
      ...{ method: 'POST', agent: false, lookup: dial, signal, maxHeaderSize: MOST_HEADER_BYTES },
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': Buffer.byteLength(message.body),
        'user-agent': 'windlass-webhooks/1',
        ...signedHeaders(message),
        ...traceHeaders(),
      },
      ...(ca === undefined ? {} : { ca }),
    };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestTls : requestPlain)(url, options, (response) => {
        resolve(response.statusCode ?? 0);
        // Whatever else it has to say is nothing to us, and may be endless.
        response.on('error', () => undefined).destroy();
      });
      request.on('error', reject).end(message.body);
    });
  }
}

/** W3C Trace Context, for receivers that follow; none where we do not. */
function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

const lookUp: Resolve = (name) => lookup(name, { all: true });

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true });
  });
}

function timedOut(url: URL, milliseconds: number): PortError {
  return new PortError(
    {
      code: 'webhook.timed-out',
      message: `${hostOf(url)} did not answer within ${milliseconds / 1000} s.`,
      nextStep: 'Let the receiver answer first and work afterwards.',
    },
    { transient: true },
  );
}

/** The path is left out: some receivers keep a secret there. */
function unreachable(url: URL, error: unknown): PortError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reply';
  return new PortError(
    {
      code: 'webhook.unreachable',
      message: `${hostOf(url)} could not be reached: ${code}.`,
      nextStep: 'Check that the receiver runs, and that its certificate is valid for the name.',
    },
    { transient: true },
  );
}
