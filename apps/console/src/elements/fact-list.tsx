import type { ReactNode } from 'react';
import classes from './fact-list.module.css';

interface FactListProps {
  readonly facts: readonly (readonly [label: string, value: ReactNode])[];
}

/** What is known of one thing: a word, and its value beside it. */
export function FactList({ facts }: FactListProps) {
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
