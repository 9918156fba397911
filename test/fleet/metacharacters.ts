import fc from 'fast-check';

/** What a shell that reads it would leave behind: the working folder of the host script is the root. */
export const CANARY = 'run/windlass-canary';
const TOUCH = `touch ${CANARY}`;

/** Each would run TOUCH, or become other words, wherever a shell reads it once too often. */
export const BAITS = [
  `$(${TOUCH})`,
  `\`${TOUCH}\``,
  `;${TOUCH};`,
  `&& ${TOUCH} &&`,
  `| ${TOUCH} |`,
  `& ${TOUCH} &`,
  `';${TOUCH};'`,
  `";${TOUCH};"`,
  `'"$(${TOUCH})"'`,
  `\\$(${TOUCH})`,
  `\${x:=$(${TOUCH})}`,
  `$((\`${TOUCH}\`))`,
  `> ${CANARY}`,
  `<(${TOUCH})`,
  `{${TOUCH},}`,
  `%s%n`,
  '*',
  '?',
  '[a-z]*',
  '~root',
  '$HOME',
  '$' + '{IFS}',
  '!!',
  '#',
  '-n',
  '--',
  '-e \\n',
  '\\0101',
  '=',
  'ä€𝄞',
] as const;

const bait = fc.constantFrom(...BAITS);
const letter = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-ascii' });

/** One word as the API takes it: no control characters, no blank at its ends. */
export const word = fc
  .array(fc.oneof({ weight: 3, arbitrary: bait }, letter), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(' ').trim())
  .filter((text) => text !== '' && !/\p{Cc}/u.test(text));

/** The same as the name of a file. */
export const fileName = word
  .map((text) => text.replaceAll('/', ':').slice(0, 60).trim())
  .filter((text) => text !== '' && !/^\.{1,2}$/.test(text) && !/[\uD800-\uDFFF]$/.test(text));

/** A name of letters and of the marks that the API takes in a path. */
export const plainName = fc
  .string({ minLength: 1, maxLength: 30, unit: fc.constantFrom(...'abcXYZ019äé-._+@:,=~% ') })
  .map((name) => name.trim())
  .filter((name) => name !== '' && !/^\.{1,2}$/.test(name));
