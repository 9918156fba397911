import { describe, expect, it } from 'vitest';
import { judgeProbe, type ListenerAnswer } from './judge-probe.js';

const answers = {
  200: http(200),
  302: http(302),
  400: http(400),
  403: http(403),
  495: http(495),
  496: http(496),
  500: http(500),
  tls: { kind: 'tls-refused', alert: 'unknown_ca' },
  eof: { kind: 'tls-refused', alert: 'closed_without_answer' },
  none: { kind: 'no-answer', reason: 'ECONNREFUSED' },
} as const satisfies Record<string, ListenerAnswer>;
type Answer = keyof typeof answers;

function http(status: number): ListenerAnswer {
  return { kind: 'http', status, tls: 'TLSv1.3' };
}

/** The client's answer, then those of the controls, then what that proves. */
type Row = readonly [
  situation: string,
  client: Answer,
  noCertificate: Answer,
  stranger: Answer,
  verdict: 'accepted' | 'refused' | 'unknown',
];

const TABLE: readonly Row[] = [
  ['verify on, a client that gets in', 200, 400, 400, 'accepted'],
  ['verify on, the application redirects the client', 302, 400, 400, 'accepted'],
  ['verify on, the application fails', 500, 400, 400, 'accepted'],
  ['verify on, a client that is refused', 400, 400, 400, 'refused'],
  ['495 and 496 kept apart, a client that gets in', 200, 496, 495, 'accepted'],
  ['495 and 496 kept apart, a client that is refused', 495, 496, 495, 'refused'],
  ['a client that seems to show no certificate', 496, 496, 495, 'refused'],
  ['a guard, a client that gets in', 200, 403, 403, 'accepted'],
  ['a guard, a client that is refused', 403, 403, 403, 'refused'],
  ['verify on, the application forbids the client', 403, 400, 400, 'unknown'],
  ['a guard, nginx itself refuses the client', 400, 403, 403, 'refused'],
  ['stream, a client that gets in', 200, 'eof', 'eof', 'accepted'],
  ['stream, a client that is refused', 'eof', 'eof', 'eof', 'refused'],
  ['a proxy that refuses in the handshake, a client that gets in', 200, 'tls', 'tls', 'accepted'],
  ['a proxy that refuses in the handshake, a client that is refused', 'tls', 'tls', 'tls', 'refused'],
  ['a proxy that refuses in the handshake, a 400 of the application', 400, 'tls', 'tls', 'unknown'],
  ['a proxy that refuses in the handshake, a 403 of the application', 403, 'tls', 'tls', 'unknown'],
  ['verify on, and the client fails in the handshake', 'tls', 400, 400, 'refused'],
  ['verify off, or refusals masked', 200, 200, 200, 'unknown'],
  ['verify optional, a client that gets in', 200, 200, 400, 'unknown'],
  ['verify optional, a client that is refused', 400, 200, 400, 'refused'],
  ['optional_no_ca, a client that gets in', 200, 403, 200, 'unknown'],
  ['optional_no_ca without a guard, a client that is refused', 400, 200, 200, 'unknown'],
  ['a client that alone fails in the handshake', 'tls', 200, 200, 'unknown'],
  ['an application that forbids everybody else', 403, 200, 200, 'unknown'],
  ['the client has no answer', 'none', 400, 400, 'unknown'],
  ['the control without a certificate has no answer', 200, 'none', 400, 'unknown'],
  ['the control with a strange certificate has no answer', 200, 400, 'none', 'unknown'],
  ['a refusal while a control has no answer', 400, 400, 'none', 'unknown'],
  ['nobody has an answer', 'none', 'none', 'none', 'unknown'],
];

describe('judgeProbe', () => {
  it.each(TABLE)('%s (%s, controls %s and %s): %s', (_, client, noCertificate, stranger, verdict) => {
    const judged = judgeProbe(answers[client], {
      noCertificate: answers[noCertificate],
      stranger: answers[stranger],
    });
    expect(judged.verdict).toBe(verdict);
  });

  it('never finds success in an answer that a control gets as well', () => {
    for (const answer of Object.values(answers)) {
      for (const other of Object.values(answers)) {
        expect(judgeProbe(answer, { noCertificate: answer, stranger: other }).verdict).not.toBe('accepted');
        expect(judgeProbe(answer, { noCertificate: other, stranger: answer }).verdict).not.toBe('accepted');
      }
    }
  });

  it('never finds a refusal where the stranger gets in', () => {
    for (const answer of Object.values(answers)) {
      for (const noCertificate of Object.values(answers)) {
        expect(judgeProbe(answer, { noCertificate, stranger: http(200) }).verdict).not.toBe('refused');
      }
    }
  });

  it('does not tell answers apart by their TLS version', () => {
    const older: ListenerAnswer = { kind: 'http', status: 200, tls: 'TLSv1.2' };
    expect(judgeProbe(answers[200], { noCertificate: answers[400], stranger: older }).verdict).toBe(
      'unknown',
    );
  });

  it('says what the client and the stranger got', () => {
    expect(judgeProbe(answers[200], { noCertificate: answers[496], stranger: answers[495] }).cause).toBe(
      'HTTP 200, where a client of an unknown CA gets HTTP 495',
    );
    expect(judgeProbe(answers.none, { noCertificate: answers[400], stranger: answers[400] }).cause).toBe(
      'there was no answer: ECONNREFUSED',
    );
  });
});
