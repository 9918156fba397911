/** Directives of ngx_http_lua_module and ngx_stream_lua_module whose braces hold Lua, not directives. */
export function holdsLua(name: string): boolean {
  return name.endsWith('_by_lua_block');
}

/**
 * Where the `}` stands that closes a block of Lua whose text starts at `from`, or -1. As the lexer of
 * ngx_http_lua_module: braces count, except in strings, long brackets (`[==[ ... ]==]`) and comments.
 */
export function endOfLua(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    } else if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === '[') at = endOfLongBracket(text, at) ?? at;
    else if (character === '-' && text[at + 1] === '-') at = endOfComment(text, at + 2);
  }
  return -1;
}

/** The place of the closing quote, or the last place of the text. */
function endOfString(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

/** The last place of `[==[ ... ]==]`; null when no long bracket opens here. One that never closes ends the text. */
function endOfLongBracket(text: string, open: number): number | null {
  let second = open + 1;
  while (text[second] === '=') second += 1;
  if (text[second] !== '[') return null;
  const close = `]${'='.repeat(second - open - 1)}]`;
  const found = text.indexOf(close, second + 1);
  return found === -1 ? text.length : found + close.length - 1;
}

function endOfComment(text: string, from: number): number {
  if (text[from] === '[') {
    const end = endOfLongBracket(text, from);
    if (end !== null) return end;
  }
  const line = text.indexOf('\n', from);
  return line === -1 ? text.length : line;
}
