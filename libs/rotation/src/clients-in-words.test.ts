import { expect, it } from 'vitest';
import { clientsInWords } from './clients-in-words.js';

it.each([
  { change: { accepted: 12, lost: [] }, words: 'samples: 12 accepted' },
  {
    change: { accepted: 12, lost: ['pos', 'app'] },
    words: 'samples: 12 accepted, 2 will be refused: pos, app',
  },
  {
    change: { accepted: 0, lost: ['pos'], gained: ['new'] },
    words: 'samples: 0 accepted, 1 will be refused: pos; 1 will get in: new',
  },
  { change: { accepted: 1, lost: [], gained: ['new'] }, words: 'samples: 1 accepted; 1 will get in: new' },
])('says what it means for clients: $words', ({ change, words }) => {
  expect(clientsInWords('samples', change)).toBe(words);
});
