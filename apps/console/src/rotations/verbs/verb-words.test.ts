import { describe, expect, it } from 'vitest';
import type { RotationState } from '#rotation';
import { VERB_WORDS } from './verb-words.js';

const rotation = (strategy: string, phase: string) => ({ snapshot: { strategy }, phase }) as RotationState;

describe('what an abort will do', () => {
  it.each(['preflight', 'expand'])(
    'in %s names the new issuer where one was made, and nowhere else',
    (phase) => {
      expect(VERB_WORDS.abort.will(rotation('overlap', phase))).toContain('the new issuer is withdrawn');
      for (const strategy of ['sync', 'refresh', 'rehearse', 'replace'])
        expect(VERB_WORDS.abort.will(rotation(strategy, phase)), strategy).not.toContain('issuer');
    },
  );
});
