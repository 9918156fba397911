import { inWords } from './durations.js';
import { useNow } from './now.js';

/** `5 min ago` or `in 3 d`; the time itself when pointed at. */
export function Ago({ at }: { readonly at: string }) {
  const past = useNow() - Date.parse(at);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {past >= 0 ? `${inWords(past)} ago` : `in ${inWords(past)}`}
    </time>
  );
}

/** How long it has been like this. */
export function Since({ at }: { readonly at: string }) {
  const past = useNow() - Date.parse(at);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {inWords(past)}
    </time>
  );
}
