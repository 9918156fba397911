import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { ApiProblem, type Problem } from './problem.js';
import type { paths } from './schema.js';

export interface Connection {
  /** Where the API listens, such as `https://windlass.example`; without a path. */
  readonly url: string;
  /** An API key. It is sent to `url` and nowhere else. */
  readonly key: string;
  /** How it is fetched; Node's own when left out. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** `GET`, `POST` and so on, each with the paths, parameters, bodies and replies of the OpenAPI document. */
export type ApiClient = Client<paths>;

/**
 * A client of one API. What is not 2xx or 304 rejects with {@link ApiProblem}, so that `data` is what was asked for. A
 * reply that is no problem of the API, such as that of a proxy, rejects with an Error that says so.
 */
export function connect({ url, key, fetch }: Connection): ApiClient {
  const client = createClient<paths>({
    baseUrl: url,
    headers: { Authorization: `Bearer ${key}`, Accept: 'application/json' },
    // Another host must never see the key.
    redirect: 'error',
    ...(fetch ? { fetch } : {}),
  });
  client.use(asRead, problemsAsErrors);
  return client;
}

/** A proxy that compresses a reply calls its ETag weak, as nginx does: what was read is the same. */
const asRead: Middleware = {
  async onRequest({ request }) {
    const tag = request.headers.get('If-Match');
    if (tag !== null) request.headers.set('If-Match', tag.replace(/^W\//, ''));
    return request;
  },
};

const problemsAsErrors: Middleware = {
  async onResponse({ request, response }) {
    if (response.ok || response.status === 304) return undefined;
    if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json')) {
      const { pathname } = new URL(request.url);
      throw new Error(
        `${request.method} ${pathname} was answered with ${response.status} by something that is not Windlass.`,
      );
    }
    const problem = (await response.json()) as Problem;
    const seconds = response.headers.get('retry-after');
    throw new ApiProblem(problem, seconds === null ? null : Number(seconds) * 1_000);
  },
};
