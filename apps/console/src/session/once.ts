import { useRef } from 'react';

/**
 * An Idempotency-Key for what is sent: the same while the same is sent, so that a second click, or a try after a reply
 * that was lost, counts once; another one when the form was changed.
 */
export function useOnce(): (body: unknown) => { readonly 'Idempotency-Key': string } {
  const last = useRef<{ text: string; key: string } | null>(null);
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current?.text !== text) last.current = { text, key: crypto.randomUUID() };
    return { 'Idempotency-Key': last.current.key };
  };
}
