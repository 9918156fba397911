import type { components } from '#api-client';
import type { Tone } from '../elements/state-badge.js';

export type RotationStatus = components['schemas']['RotationSummary']['status'];
export type HostStep = components['schemas']['RotationHost']['step'];

interface Look {
  readonly glyph: string;
  readonly tone: Tone;
}

/** The glyphs are those of `windlass get`. */
export const STATUS_LOOKS: Readonly<Record<RotationStatus, Look>> = {
  pending: { glyph: '◌', tone: 'quiet' },
  running: { glyph: '◐', tone: 'busy' },
  paused: { glyph: '‖', tone: 'waits' },
  blocked: { glyph: '✖', tone: 'bad' },
  succeeded: { glyph: '✔', tone: 'good' },
  reverted: { glyph: '↶', tone: 'waits' },
  refused: { glyph: '⊘', tone: 'bad' },
  cancelled: { glyph: '⊘', tone: 'quiet' },
};

export const STEP_LOOKS: Readonly<Record<HostStep, Look>> = {
  waiting: { glyph: '◌', tone: 'quiet' },
  inspected: { glyph: '○', tone: 'quiet' },
  staged: { glyph: '◔', tone: 'busy' },
  committed: { glyph: '◑', tone: 'busy' },
  proven: { glyph: '◕', tone: 'busy' },
  confirmed: { glyph: '●', tone: 'good' },
  restored: { glyph: '↶', tone: 'waits' },
  reverted: { glyph: '↶', tone: 'waits' },
  decommissioned: { glyph: '–', tone: 'quiet' },
  unknown: { glyph: '?', tone: 'bad' },
};
