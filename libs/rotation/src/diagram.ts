import { CONDITIONS } from './conditions.js';
import { TRANSITIONS, type Transition } from './transitions.js';

/** The state diagram of the documentation, in Mermaid, made from the table so that it cannot lag behind it. */
export function stateDiagram(): string {
  const moves = TRANSITIONS.filter(({ from, to }) => from !== to);
  return [
    'stateDiagram-v2',
    '  [*] --> preflight: requested',
    ...moves.map((row) => `  ${row.from} --> ${row.to}: ${label(row)}`),
    '  done --> [*]',
  ].join('\n');
}

/** Every row as a line of a Markdown table. */
export function transitionTable(): string {
  return [
    '| phase | event | needs | leads to |',
    '|---|---|---|---|',
    ...TRANSITIONS.map(
      ({ from, on, when, to }) => `| ${from} | ${on} | ${when ? CONDITIONS[when].says : ''} | ${to} |`,
    ),
  ].join('\n');
}

/** An outcome moves the phase by what it made true, so that is what the arrow says. */
function label({ on, when }: Transition): string {
  return on === 'effect.succeeded' && when ? CONDITIONS[when].says.replaceAll('`', '') : on;
}
