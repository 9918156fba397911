import { describe, expect, it } from 'vitest';
import { logTrouble } from './log-trouble.js';
import { PortError } from './ports/problem.js';

function levelOf(error: unknown): string | undefined {
  const levels: string[] = [];
  const log = { warn: () => void levels.push('warn'), error: () => void levels.push('error') };
  logTrouble(log, { error }, 'it is tried again');
  return levels.join();
}

describe('a failure that is tried again', () => {
  it('is a warning where the world did it', () => {
    expect(levelOf(new PortError({ code: 'ca.sealed', message: 'm', nextStep: 'n' }))).toBe('warn');
    expect(levelOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe('warn');
    expect(levelOf(Object.assign(new Error('shut down'), { code: '57P01' }))).toBe('warn');
  });

  it('is an error where it is a defect of ours', () => {
    expect(levelOf(new TypeError('undefined is not a function'))).toBe('error');
    expect(levelOf('thrown by hand')).toBe('error');
  });
});
