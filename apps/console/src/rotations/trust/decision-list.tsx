import { List, Text, Title } from '@mantine/core';
import type { RotationDescription } from '#rotation';
import { Ago } from '../../elements/ago.js';

/** What was decided, each once, before its first effect. */
export function DecisionList({ decisions }: Pick<RotationDescription, 'decisions'>) {
  return (
    <section>
      <Title order={2} size="h4">
        Decisions
      </Title>
      {decisions.length === 0 && <Text size="sm">Nothing was decided yet.</Text>}
      <List size="sm" type="ordered" withPadding style={{ overflowWrap: 'anywhere' }}>
        {decisions.map((made) => (
          <List.Item key={nameOf(made)}>
            <b>{nameOf(made)}</b>, because {made.because} (<Ago at={made.at} />)
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function nameOf(made: RotationDescription['decisions'][number]): string {
  const what = 'transition' in made ? `${made.kind} ${made.transition}` : made.kind;
  const wave = 'wave' in made ? `, ${made.wave === 0 ? 'canary' : `wave ${made.wave}`}` : '';
  return `${what}${wave}${made.attempt > 1 ? `, attempt ${made.attempt}` : ''}`;
}
