import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '#kit';
import type { Incident } from './incident.js';

const HERE = join(repositoryRoot(), 'test/runbooks');
const PAGE = readFileSync(join(repositoryRoot(), 'docs/operations/blocked.md'), 'utf8');
const HEADING = /^#{2,3} `.*\n/;

/** What the page has to say about one code. */
const sections = PAGE.split(/^(?=#{2,3} )/m).flatMap((text) => {
  const [heading = ''] = HEADING.exec(text) ?? [];
  const codes = [...heading.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, code = '']) => code);
  return codes.map((code) => ({ code, tried: !/^Not tried: /m.test(text) }));
});

const modules = await Promise.all(
  readdirSync(HERE)
    .filter((name) => name.endsWith('.incidents.ts'))
    .map((name): Promise<{ INCIDENTS: readonly Incident[] }> => import(join(HERE, name))),
);
const actedOut = new Set(modules.flatMap(({ INCIDENTS }) => INCIDENTS.map(({ code }) => code)));

describe('the runbook for what blocks', () => {
  it('has sections, and tests that act them out', () => {
    expect(sections.length).toBeGreaterThan(2);
    expect(actedOut.size).toBeGreaterThan(2);
  });

  it.each(sections.map(({ code, tried }) => [code, tried] as const))(
    'has %s acted out, or says why not',
    (code, tried) => {
      expect(actedOut.has(code), code).toBe(tried);
    },
  );

  it.each([...actedOut])('has a section for %s', (code) => {
    expect(sections.map((one) => one.code)).toContain(code);
  });
});
