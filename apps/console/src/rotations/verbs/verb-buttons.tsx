import { Button } from '@mantine/core';
import { useState } from 'react';
import type { RotationDescription, RotationState } from '#rotation';
import { useSession } from '../../session/session.js';
import { type Verb, verbsOffered } from './offered.js';
import { OrderDialog } from './order-dialog.js';
import { sendVerb } from './send.js';
import { VERB_WORDS } from './verb-words.js';

interface VerbButtonsProps {
  readonly state: RotationState;
  readonly description: RotationDescription;
}

/** What the rotation may be waiting for. */
const WAITED_FOR: readonly Verb[] = ['approve', 'resume', 'retry'];

/** What this key may ask of the rotation now; each says first what will happen. */
export function VerbButtons({ state, description }: VerbButtonsProps) {
  const { client, self } = useSession();
  const [asked, setAsked] = useState<Verb | null>(null);
  const digest = description.generations.trustDiffDigest;
  return (
    <>
      {verbsOffered(state, self).map((verb) => (
        <Button
          key={verb}
          variant={WAITED_FOR.includes(verb) ? 'filled' : 'default'}
          onClick={() => setAsked(verb)}
        >
          {VERB_WORDS[verb].label}
        </Button>
      ))}
      {asked && (
        <OrderDialog
          state={state}
          words={VERB_WORDS[asked]}
          send={(order) => sendVerb(client, asked, order, digest)}
          close={() => setAsked(null)}
        >
          {asked === 'approve' && <code style={{ overflowWrap: 'anywhere' }}>{digest}</code>}
        </OrderDialog>
      )}
    </>
  );
}
