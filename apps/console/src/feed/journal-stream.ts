import { createParser } from 'eventsource-parser';

/** Every 15 s the API says that it is still there: more than two of these missing is a connection that is gone. */
const MOST_SILENCE_MS = 40_000;

/** A proxy that shows a page of its own, for one. */
const NOT_THE_API = 'Something that is not Windlass answered.';

/** Why a stream is over. */
export type StreamEnd =
  /** The server closed it: there may be more. */
  | { readonly kind: 'closed' }
  /** The rotation has ended, and everything of it is known. */
  | { readonly kind: 'over' }
  /** Coming again would change nothing. */
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  /** Nobody answers, or not now; `afterMs`: when the server wants to be asked again. */
  | { readonly kind: 'lost'; readonly why: string; readonly afterMs: number | null };

export interface JournalStream {
  /** Path of the events. */
  readonly url: string;
  /** Sequence of the last entry that is known; 0 for none. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Sends it with the key, and to our own origin alone. */
  send(request: Request): Promise<Response>;
  /** It answered; entries follow. */
  onOpen(): void;
  /** One entry, as JSON. */
  onEntry(data: string): void;
  /** Resolves when more may come: what was not read yet waits at the server, not here. */
  whenReady(): Promise<void>;
}

/**
 * Reads one stream of journal entries to its end. An EventSource cannot send the key, so that this does what one does
 * (WHATWG HTML 9.2), but for coming back: who calls knows when. Never rejects.
 */
export async function readJournal(stream: JournalStream): Promise<StreamEnd> {
  const silence = new AbortController();
  const signal = AbortSignal.any([stream.signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), MOST_SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), MOST_SILENCE_MS);
  };
  try {
    const request = new Request(stream.url, { headers: headersOf(stream), signal, cache: 'no-store' });
    const response = await stream.send(request);
    if (response.status === 204) return { kind: 'over' };
    if (!response.ok || response.body === null) return await refusal(response);
    if (!isStream(response)) return { kind: 'lost', why: NOT_THE_API, afterMs: null };
    stream.onOpen();
    const parser = createParser({ onEvent: ({ data }) => stream.onEntry(data) });
    const text = response.body.pipeThrough(new TextDecoderStream());
    for await (const piece of text) {
      clearTimeout(timer);
      parser.feed(piece);
      await stream.whenReady();
      heard();
    }
    return { kind: 'closed' };
  } catch (error) {
    const why = silence.signal.aborted ? 'The connection went silent.' : String(error);
    return { kind: 'lost', why, afterMs: null };
  } finally {
    clearTimeout(timer);
  }
}

function isStream(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
}

function headersOf({ after }: JournalStream): Record<string, string> {
  const last: Record<string, string> = after > 0 ? { 'Last-Event-ID': `${after}` } : {};
  return { Accept: 'text/event-stream', ...last };
}

/** What the client did wrong stays wrong; all else may be better in a while. */
async function refusal(response: Response): Promise<StreamEnd> {
  const { status } = response;
  const problem = (await response.json().catch(() => null)) as {
    detail?: string;
    nextAction?: string;
  } | null;
  const why =
    [problem?.detail, problem?.nextAction].filter(Boolean).join(' ') || `The API answered ${status}.`;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const afterMs = Number.isNaN(seconds) ? null : seconds * 1_000;
  if (status >= 500 || status === 429) return { kind: 'lost', why, afterMs };
  return { kind: 'refused', status, why };
}
