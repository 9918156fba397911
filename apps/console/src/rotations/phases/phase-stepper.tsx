import type { RotationState } from '#rotation';
import { inWords } from '../../elements/durations.js';
import { useNow } from '../../elements/now.js';
import type { PhaseBegun } from '../../feed/journal-fold.js';
import classes from './phase-stepper.module.css';
import { type PhaseStep, phaseSteps } from './phase-steps.js';

interface PhaseStepperProps {
  readonly state: RotationState;
  readonly begun: readonly PhaseBegun[];
  readonly isNow: boolean;
}

const GLYPHS: Readonly<Record<PhaseStep['state'], string>> = {
  past: '✔',
  now: '◐',
  ahead: '◌',
  skipped: '–',
};
const WORDS: Readonly<Record<PhaseStep['state'], string>> = {
  ...{ past: 'is behind it', now: 'is where it is', ahead: 'is ahead', skipped: 'was not reached' },
};

/** Every phase in order, with how long each took. */
export function PhaseStepper({ state, begun, isNow }: PhaseStepperProps) {
  const clock = useNow();
  const running = isNow && !state.ended;
  const now = running ? clock : Date.parse(state.updatedAt);
  return (
    <ol className={classes.steps} aria-label="Phases">
      {phaseSteps(state, begun, now).map((step) => (
        <li key={step.phase} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className={classes.name}>
            <span aria-hidden="true">{glyphOf(step)}</span> {step.phase}
          </span>
          <span className={`numbers ${classes.took}`}>
            {step.tookMs === null ? '' : inWords(Math.max(0, step.tookMs))}
            {step.visits > 1 ? ` in ${step.visits} visits` : ''}
          </span>
          <span className={classes.spoken}>{WORDS[step.state]}</span>
        </li>
      ))}
    </ol>
  );
}

function glyphOf({ phase, state }: PhaseStep): string {
  return phase === 'done' && state === 'past' ? '■' : GLYPHS[state];
}
