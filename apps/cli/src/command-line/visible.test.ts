import { describe, expect, it } from 'vitest';
import { visible } from './visible.js';

describe('what is written to a terminal', () => {
  it('shows what would clear the screen, rename the window or write over a line', () => {
    expect(visible('a\u001b[2Jb\u001b]0;c\u0007d\re\u009b1Af')).toBe(
      'a\\u001b[2Jb\\u001b]0;c\\u0007d\\u000de\\u009b1Af',
    );
  });

  it('shows what would turn a line round', () => {
    expect(visible('edge\u202egde\u2069')).toBe('edge\\u202egde\\u2069');
  });

  it('hides no text by a style of others', () => {
    expect(visible('\u001b[8mhidden')).toBe('\\u001b[8mhidden');
  });

  it('keeps lines, tabs, colours of states and letters of the world', () => {
    const text = '\u001b[31m✖\u001b[39m Düsseldorf\r\n\tإسطنبول\n';
    expect(visible(text)).toBe(text);
  });

  it('leaves JSON what it was', () => {
    const value = { reason: 'a\u001b[2J\u009b\u202e\u007f' };
    expect(JSON.parse(visible(JSON.stringify(value)))).toEqual(value);
  });
});
