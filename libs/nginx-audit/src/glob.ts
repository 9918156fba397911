/** True when nginx hands the path to glob(3) (`ngx_conf_include`). */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * glob(3) without flags: `*`, `?` and `[...]` match neither a slash nor a dot that starts a name. The test takes
 * time in proportion to the lengths multiplied, whatever the pattern.
 */
export function globTest(pattern: string): (path: string) => boolean {
  const levels = pattern.split('/').map((name) => ({
    places: placesOf(name),
    hidden: name.startsWith('.'),
  }));
  return (path) => {
    const names = path.split('/');
    if (names.length !== levels.length) return false;
    return levels.every(({ places, hidden }, level) => {
      const name = names[level] ?? '';
      return (hidden || !name.startsWith('.')) && matchesName(name, places);
    });
  };
}

/** One place of a pattern: any run, any character, or the test that a character must pass. */
type Place = '*' | '?' | ((character: string) => boolean);

function matchesName(name: string, places: readonly Place[]): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (places[place] === '*') {
      star = place++;
      resume = at;
    } else if (fits(places[place], name[at] ?? '')) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      // The last star takes one character more: earlier ones never need to be asked again.
      place = star + 1;
      at = ++resume;
    } else return false;
  }
  while (places[place] === '*') place += 1;
  return place === places.length;
}

function fits(place: Place | undefined, character: string): boolean {
  return place === '?' || (typeof place === 'function' && place(character));
}

function placesOf(pattern: string): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    const close = character === '[' ? endOfClass(pattern, at) : -1;
    if (close !== -1) {
      places.push(classOf(pattern.slice(at + 1, close)));
      at = close;
    } else if (character === '*' || character === '?') {
      places.push(character);
    } else {
      const literal = character === '\\' && at + 1 < pattern.length ? (pattern[++at] ?? '') : character;
      places.push((one) => one === literal);
    }
  }
  return places;
}

/** A `]` right behind the opening stands for itself; -1: the bracket is never closed and stands for itself. */
function endOfClass(pattern: string, open: number): number {
  const first = '!^'.includes(pattern[open + 1] ?? ' ') ? open + 2 : open + 1;
  return pattern.indexOf(']', first + 1);
}

function classOf(inside: string): (character: string) => boolean {
  const negated = inside.startsWith('!') || inside.startsWith('^');
  const members = negated ? inside.slice(1) : inside;
  return (character) => isMember(character, members) !== negated;
}

function isMember(character: string, members: string): boolean {
  for (let at = 0; at < members.length; at += 1) {
    const last = members[at + 1] === '-' ? members[at + 2] : undefined;
    if (last === undefined) {
      if (members[at] === character) return true;
    } else {
      if ((members[at] ?? '') <= character && character <= last) return true;
      at += 2;
    }
  }
  return false;
}
