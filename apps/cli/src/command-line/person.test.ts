import { describe, expect, it } from 'vitest';
import { agrees, types } from './person.js';

const answering = (answer: string, present = true) => ({ present, ask: async () => answer });
const WISH = { yes: false, otherwise: 'give --yes' };

describe('a question', () => {
  it.each([
    ['y', true],
    ['YES', true],
    ['', false],
    ['n', false],
    ['yep', false],
  ])('that is answered with "%s" is agreed to: %s', async (answer, agreed) => {
    expect(await agrees(answering(answer), 'Sure?', WISH)).toBe(agreed);
  });

  it('that needs a word typed is agreed to by that word alone', async () => {
    expect(await types(answering('edge'), 'Sure?', { ...WISH, word: 'edge' })).toBe(true);
    for (const answer of ['', 'y', 'Edge']) {
      expect(await types(answering(answer), 'Sure?', { ...WISH, word: 'edge' })).toBe(false);
    }
  });

  it('is not asked where the answer was given beforehand, and is an error where nobody is there', async () => {
    const nobody = answering('', false);
    expect(await agrees(nobody, 'Sure?', { ...WISH, yes: true })).toBe(true);
    expect(await types(nobody, 'Sure?', { ...WISH, yes: true, word: 'edge' })).toBe(true);
    await expect(agrees(nobody, 'Sure?', WISH)).rejects.toThrow('nobody is there to ask: give --yes');
    await expect(types(nobody, 'Sure?', { ...WISH, word: 'x' })).rejects.toThrow(
      'nobody is there to ask: give --yes',
    );
  });
});
