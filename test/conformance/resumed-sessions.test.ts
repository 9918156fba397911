import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProbeAnswer } from '#engine';
import { statusOf } from './probe-servers.js';
import { type Outcome, SESSION_CASES, SessionBench } from './resumed-sessions.js';

const [NEXT = '', NEWEST = ''] = execFileSync('node', ['tools/nginx/build.mjs'], { encoding: 'utf8' })
  .trim()
  .split('\n');

/** Debian's nginx has its stream module elsewhere; from 1.25.5 on servers of stream have names. */
const NGINXES = [
  { name: 'nginx of this Debian, http', binary: 'nginx', protocol: 'http' },
  { name: 'nginx 1.26.3, stream', binary: NEXT, protocol: 'stream' },
  { name: 'nginx 1.28.3, http', binary: NEWEST, protocol: 'http' },
  { name: 'nginx 1.28.3, stream', binary: NEWEST, protocol: 'stream' },
] as const;

/** A refused session ends as a fresh handshake does: 400, and in stream an end without an answer. */
const isIn = (answer: ProbeAnswer | null) => answer !== null && statusOf(answer) === 200;

/** Its old worker takes what it remembers out of the shared cache as well when it ends: that depends on the moment. */
const UNSURE = 'a built-in and a shared cache';

describe.each(NGINXES)('F16: sessions of a dropped CA, $name', ({ binary, protocol }) => {
  let outcomes: Outcome[];

  beforeAll(async () => {
    outcomes = await SessionBench.run(binary, protocol);
  });

  it.each(SESSION_CASES.map((one, index) => ({ ...one, index })))(
    '$setup.name, $layout.name, $layout.change: go on only where it is foretold',
    ({ setup, layout, index }) => {
      const outcome = outcomes[index];
      if (!outcome) throw new Error('every case has an outcome');
      const { resumptions, fresh, predicted } = outcome;
      // Where nothing is taken up in the first place nothing is shown below.
      const resumed = resumptions.filter(({ before }) => before).map(({ kind }) => kind);
      const keepsNone = layout.name === 'behind a server that keeps no sessions';
      expect(resumed).toEqual(keepsNone ? [] : setup.resumes);
      expect(isIn(fresh)).toBe(false);
      const goesOn = resumptions.some(({ after }) => isIn(after));
      if (setup.name === UNSURE) expect(predicted || !goesOn).toBe(true);
      else expect(goesOn).toBe(predicted);
    },
  );
});
