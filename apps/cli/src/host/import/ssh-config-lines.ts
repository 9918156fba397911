/** One setting of an ssh_config. */
export interface Setting {
  readonly line: number;
  /** In lower case. */
  readonly keyword: string;
  readonly words: readonly string[];
}

/** What stands below a `Host` or `Match`, or before the first of them, where it is for every host. */
export interface Block {
  readonly kind: 'host' | 'match' | 'all';
  readonly line: number;
  readonly patterns: readonly string[];
  readonly settings: readonly Setting[];
}

/** An ssh_config by its blocks, as ssh_config(5) has it: `Keyword words` or `Keyword=words`, words in quotes. Pure. */
export function sshConfigBlocks(text: string): readonly Block[] {
  const blocks: { kind: Block['kind']; line: number; patterns: readonly string[]; settings: Setting[] }[] = [
    { kind: 'all', line: 1, patterns: ['*'], settings: [] },
  ];
  text.split(/\r?\n/).forEach((content, index) => {
    const setting = settingIn(content, index + 1);
    if (setting === null) return;
    const { keyword, line, words } = setting;
    if (keyword === 'host' || keyword === 'match')
      blocks.push({ kind: keyword, line, patterns: words, settings: [] });
    else blocks.at(-1)?.settings.push(setting);
  });
  return blocks;
}

function settingIn(content: string, line: number): Setting | null {
  const [, keyword, rest = ''] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+|$)(.*)$/.exec(content) ?? [];
  if (keyword === undefined) return null;
  const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const comment = words.findIndex((word) => word.startsWith('#'));
  return { line, keyword: keyword.toLowerCase(), words: comment < 0 ? words : words.slice(0, comment) };
}

/** Whether a `Host` line is for a name: `*`, `?`, and `!` which takes a name out again. Pure. */
export function isFor(patterns: readonly string[], name: string): boolean {
  const hits = (pattern: string) => matches(pattern.toLowerCase(), name.toLowerCase());
  return (
    !patterns.some((pattern) => pattern.startsWith('!') && hits(pattern.slice(1))) &&
    patterns.some((pattern) => !pattern.startsWith('!') && hits(pattern))
  );
}

export function isPattern(word: string): boolean {
  return /[*?!]/.test(word);
}

/** Of the stars only the last one is tried again, so that no pattern takes longer than its length times that of the name. */
function matches(pattern: string, name: string): boolean {
  let [at, from, star, taken] = [0, 0, -1, 0];
  while (at < name.length) {
    const wanted = pattern[from];
    if (wanted === '*') [star, taken, from] = [from, at, from + 1];
    else if (wanted === '?' || wanted === name[at]) [at, from] = [at + 1, from + 1];
    else if (star >= 0) [taken, at, from] = [taken + 1, taken + 1, star + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(from));
}
