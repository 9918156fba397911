/** Same shape as the engine's `ProbeAnswer`. */
export type ListenerAnswer =
  | { readonly kind: 'http'; readonly status: number; readonly tls: string }
  | { readonly kind: 'tls-refused'; readonly alert: string }
  | { readonly kind: 'no-answer'; readonly reason: string };

/** What the same listener, path and moment answered to two clients that must not get in. */
export interface ProbeControls {
  readonly noCertificate: ListenerAnswer;
  /** A client of a CA that nobody trusts. */
  readonly stranger: ListenerAnswer;
}

export interface ProbeVerdict {
  readonly verdict: 'accepted' | 'refused' | 'unknown';
  /** Why, for people: one clause without a full stop. */
  readonly cause: string;
}

/** nginx's own refusals: 400 as sent, 495 and 496 (bad and missing certificate) where `error_page` keeps them. */
const REFUSED_BY_NGINX: readonly number[] = [400, 495, 496];
/** What a guard on `$ssl_client_verify` answers, and what any application may answer as well. */
const FORBIDDEN = 403;

/**
 * What a client's answer proves. It counts only against the controls (design.md 3): `error_page 495 496 =200`
 * gives 200 to everybody, and 200 then proves nothing (F33). `unknown` is never success, for a client that must
 * get in nor for one that must stay out.
 */
export function judgeProbe(answer: ListenerAnswer, controls: ProbeControls): ProbeVerdict {
  const { noCertificate, stranger } = controls;
  const silent = [answer, noCertificate, stranger].find((one) => one.kind === 'no-answer');
  if (silent?.kind === 'no-answer') return unknown(`there was no answer: ${silent.reason}`);
  if (isRefusal(answer)) return judgeRefusal(answer, stranger);
  const given = answerInWords(answer);
  if (given === answerInWords(stranger)) return unknown(`a client of an unknown CA gets ${given} as well`);
  if (given === answerInWords(noCertificate))
    return unknown(`a client without a certificate gets ${given} as well`);
  return {
    verdict: 'accepted',
    cause: `${given}, where a client of an unknown CA gets ${answerInWords(stranger)}`,
  };
}

function judgeRefusal(answer: ListenerAnswer, stranger: ListenerAnswer): ProbeVerdict {
  const given = answerInWords(answer);
  const control = answerInWords(stranger);
  if (!isRefusal(stranger)) return unknown(`${given}, while a client of an unknown CA gets ${control}`);
  // 403 is also what an application says to a client that nginx let in: it counts only when the stranger gets it.
  if (answer.kind === 'http' && answer.status === FORBIDDEN && given !== control) {
    return unknown(`${given} may be the application's, a client of an unknown CA gets ${control}`);
  }
  // The stranger was refused earlier in the connection than this client, so this is no refusal of the same kind.
  if (answer.kind === 'http' && stranger.kind === 'tls-refused') {
    return unknown(`${given} after a handshake that a client of an unknown CA does not survive (${control})`);
  }
  return { verdict: 'refused', cause: `${given}, and a client of an unknown CA gets ${control}` };
}

function isRefusal(answer: ListenerAnswer): boolean {
  if (answer.kind === 'tls-refused') return true;
  return answer.kind === 'http' && (REFUSED_BY_NGINX.includes(answer.status) || answer.status === FORBIDDEN);
}

/** What tells two answers apart, in words; the TLS version does not. */
export function answerInWords(answer: ListenerAnswer): string {
  switch (answer.kind) {
    case 'http':
      return `HTTP ${answer.status}`;
    case 'tls-refused':
      return `TLS alert ${answer.alert}`;
    case 'no-answer':
      return `no answer (${answer.reason})`;
  }
}

function unknown(cause: string): ProbeVerdict {
  return { verdict: 'unknown', cause };
}
