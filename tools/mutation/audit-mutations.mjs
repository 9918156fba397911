// Mistakes in reading, judging and mending a configuration of nginx.

import { unit } from './named-tests.mjs';

const AUDIT = 'libs/nginx-audit/src';
const inThere = (file, name) => unit(`${AUDIT}/${file}`, name);

export const AUDIT_MUTATIONS = [
  {
    name: 'audit: add to what is inherited in place of replacing it',
    edits: [
      {
        file: `${AUDIT}/scope.ts`,
        from: '    if (own.length > 0) return own;',
        to: '    if (own.length > 0) return [...own, ...inherited(scopes.slice(0, level), name)];',
      },
    ],
    test: inThere('rules/rules', 'a location that drops what it would inherit'),
    expect: /drops what it would inherit/,
  },
  {
    name: 'audit: take a guard for sound that refuses NONE only',
    edits: [
      {
        file: `${AUDIT}/guards.ts`,
        from: "  return lets('SUCCESS') && !OTHERS.some(lets) ? 'sound' : 'leaky';",
        to: "  return lets('SUCCESS') && !lets('NONE') ? 'sound' : 'leaky';",
      },
    ],
    test: inThere('rules/rules', 'a guard that knows NONE only'),
    expect: /knows NONE only/,
  },
  {
    name: 'audit: accept a finding without a reason',
    edits: [
      {
        file: `${AUDIT}/finding.ts`,
        from: "      .filter(({ reason }) => reason !== '')",
        to: '      .filter(() => true)',
      },
    ],
    test: inThere('fix', 'needs the rule and a reason'),
    expect: /needs the rule and a reason/,
  },
  {
    name: 'audit: make two edits of one place at once',
    edits: [
      {
        file: `${AUDIT}/fix.ts`,
        from: '  return (a.start < b.end && b.start < a.end) || a.start === b.start;',
        to: '  return false;',
      },
    ],
    test: inThere('fix', 'where they touch'),
    expect: /where they touch/,
  },
  {
    name: 'audit: take the first server for the default one, whatever they say',
    edits: [
      {
        file: `${AUDIT}/config-view.ts`,
        from: '  const server = named ?? servers[0];',
        to: '  const server = servers[0] ?? named;',
      },
    ],
    test: inThere('rules/rules', 'a default server'),
    expect: /default server/,
  },
  {
    name: 'audit: lose count of lines in quotes',
    edits: [
      {
        file: `${AUDIT}/tokens.ts`,
        from: "      if (this.#text[this.#at] !== '\\n') continue;",
        to: "      if (this.#text[this.#at] !== '\\n' || this.#name !== null) continue;",
      },
    ],
    test: inThere('lossless', 'at the places it names'),
    expect: /at the places it names/,
  },
  {
    name: 'audit: end a block of Lua at a brace in a string',
    edits: [
      {
        file: `${AUDIT}/lua-block.ts`,
        from: '    } else if (character === \'"\' || character === "\'") at = endOfString(text, at);',
        to: "    } else if (character === '\\0') at = endOfString(text, at);",
      },
    ],
    test: inThere('lossless', 'nothing but white space and comments'),
    expect: /white space and comments/,
  },
];
