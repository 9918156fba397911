import { describe, expect, it } from 'vitest';
import { redactSections } from './redact-sections.js';

const begins = (kind: string) => `-----BEGIN ${kind} KEY-----`;

describe('a document that is redacted', () => {
  it('keeps the sections behind a reason that begins as a key and has no end', () => {
    const text = `# Title\n\n## Summary\n| because | ${begins('PRIVATE')} |\n\n## What failed first\nhost-2\n`;
    expect(redactSections(text)).toBe(
      '# Title\n\n## Summary\n| because | [secret]\n## What failed first\nhost-2\n',
    );
  });

  it('has no key of several lines, nor a token', () => {
    const key = `${begins('RSA PRIVATE')}\nProc-Type: 4,ENCRYPTED\n\nMIIB\n-----END RSA PRIVATE KEY-----`;
    const token = `hvs.${'a'.repeat(24)}`;
    expect(redactSections(`## A\n${key}\n## B\n${token} there\n`)).toBe(
      '## A\n[secret]\n## B\n[secret] there\n',
    );
  });
});
