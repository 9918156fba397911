import { describe, expect, it } from 'vitest';
import { actorId, actorText } from './actor.js';

describe('an actor', () => {
  it.each([
    ['without a name', 'api-key:1', ''],
    ['with a name', 'oidc:https://idp.example#7', 'Ana'],
    ['with a name that looks like another actor', 'api-key:1', 'x) api-key:2 (y'],
    ['with a name of several lines', 'api-key:1', 'a\nb'],
  ])('%s is known by the id', (_, id, name) => {
    expect(actorId(actorText(id, name))).toBe(id);
  });

  it('that is no id is known by all of it', () => {
    expect(actorId('schedule 7')).toBe('schedule 7');
    expect(actorId('second person')).not.toBe(actorId('second reader'));
  });
});
