import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pages } from './pages.js';

it.each(Object.entries(pages()))(
  '%s is what the rule tables make (node dist/tools/audit-rules/main.js)',
  (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);
