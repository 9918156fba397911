/** One server-sent event, or a comment. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
  readonly comment: string;
}

/** A stream as a client reads it. */
export interface OpenStream {
  readonly status: number;
  readonly contentType: string;
  /** Everything that came so far. */
  text(): string;
  /** The next event or comment; null when the server ended the stream. */
  next(): Promise<StreamEvent | null>;
  /** All that is left until the server ends the stream. */
  rest(): Promise<StreamEvent[]>;
  /** The client goes. */
  close(): void;
}

export async function openStream(
  url: string,
  key: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OpenStream> {
  const client = new AbortController();
  const response = await fetch(url, {
    headers: { Authorization: `Bearer ${key}`, ...headers },
    signal: client.signal,
  });
  const blocks = blocksOf(response.body);
  let seen = '';
  const next = async () => {
    const { value } = await blocks.next();
    seen += value ?? '';
    return value === undefined ? null : parse(value);
  };
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: () => seen,
    next,
    rest: async () => {
      const events: StreamEvent[] = [];
      for (let event = await next(); event !== null; event = await next()) events.push(event);
      return events;
    },
    close: () => client.abort(),
  };
}

async function* blocksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of body ?? []) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      yield buffer.slice(0, end + 2);
      buffer = buffer.slice(end + 2);
    }
  }
  if (buffer !== '') yield buffer;
}

function parse(block: string): StreamEvent {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
  return { id: field('id'), event: field('event'), data: field('data'), comment: field('') };
}
