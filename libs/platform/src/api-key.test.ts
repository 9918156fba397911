import { expect, it } from 'vitest';
import { generateApiKey, hashApiKey, sameHash } from './api-key.js';

it('makes keys of 256 bits that can be told by their prefix', () => {
  const keys = Array.from({ length: 100 }, generateApiKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^wl_[A-Za-z0-9_-]{43}$/);
});

it('compares hashes', () => {
  const hash = hashApiKey('wl_one');
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(sameHash(hash, hashApiKey('wl_one'))).toBe(true);
  expect(sameHash(hash, hashApiKey('wl_two'))).toBe(false);
  expect(sameHash(hash, '')).toBe(false);
  expect(sameHash('', '')).toBe(false);
});
