import fc from 'fast-check';

/** Everything that means something to nginx's tokenizer, and some things that should not. */
const PIECES = [
  ...['server', 'listen 443 ssl', 'http', 'location /', 'include a.conf', 'map $a $b', 'x', '$', '~', '\0'],
  ...[';', '{', '}', ' ', '\n', '\r\n', '\t', '#', '# comment\n', '"', "'", '\\', '\\"', `$\{a}`, '$a{', ')'],
  ...['content_by_lua_block {', '--', '--[[', ']]', '[=[', ']=]', '\uFEFF', 'é', '\uD800', '\u0085'],
  ...['ssl_verify_client', 'ssl_client_certificate', '/ca.pem', 'on', 'optional', 'proxy_set_header X-A $b;'],
];

/** A text in which anything may stand anywhere. */
export const anyText = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: 'binary' })), {
    maxLength: 60,
  })
  .map((pieces) => pieces.join(''));

const blank = fc.constantFrom(' ', '\n', '\r\n', '\t', '  ', ' # it\'s "one" { of; those\n', '\n\n# a\n');
const word = fc.oneof(
  fc.stringMatching(/^[a-z0-9_./=~^$-]{1,12}$/),
  fc.constantFrom('"a b"', "'; { } #'", '"\\""', '\\;', 'a\\ b', `$\{b}c`, 'a}b', '""', '"é\n"', '~^\\d+$'),
);

const words = fc
  .array(fc.tuple(blank, word), { minLength: 1, maxLength: 4 })
  .map((all) => all.flat().join('').trimStart());

/** A configuration that nginx's tokenizer takes, with blanks and comments wherever they may stand. */
export const validConfig: fc.Arbitrary<string> = fc
  .letrec<{ directives: string; directive: string }>((tie) => ({
    directives: fc
      .tuple(fc.array(tie('directive'), { maxLength: 5 }), blank)
      .map(([all, end]) => all.join('') + end),
    directive: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(blank, named(words), blank).map(([before, text, after]) => `${before}${text}${after};`),
      fc
        .tuple(blank, named(words), blank, tie('directives'))
        .map(([before, text, after, inside]) => `${before}${text}${after}{${inside}}`),
      fc.constant('\ncontent_by_lua_block { local t = { "}" } -- }\n ngx.say([[ } ]]) }'),
    ),
  }))
  .directives.map((text) => `\n${text}`);

/** A name that holds nothing special, and its arguments. */
function named(rest: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('server', 'listen', 'ssl_verify_client', 'x', 'location'), rest)
    .map(([name, args]) => `${name} ${args}`);
}
