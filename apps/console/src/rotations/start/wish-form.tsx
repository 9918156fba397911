import { Alert, Checkbox, Radio, Stack, Text, Textarea } from '@mantine/core';
import { PemInput } from '../../elements/pem-input.js';
import type { Fleet } from '../../fleets/all-fleets.js';
import { STRATEGIES, STRATEGY_WORDS, type Strategy } from './strategies.js';
import { goesTogether, type Wish } from './wish.js';

interface WishFormProps {
  readonly fleet: Fleet;
  /** Fleets of the same issuing CA. */
  readonly sharing: readonly Fleet[];
  readonly wish: Wish;
  change(wish: Wish): void;
}

export function WishForm(props: WishFormProps) {
  const { wish, change } = props;
  const { danger } = STRATEGY_WORDS[wish.strategy];
  return (
    <Stack gap="md">
      <Radio.Group
        label="Strategy"
        value={wish.strategy}
        onChange={(strategy) => change({ ...wish, strategy: strategy as Strategy })}
      >
        <Stack gap="xs" mt={4}>
          {STRATEGIES.map((strategy) => (
            <Radio
              key={strategy}
              value={strategy}
              label={strategy}
              description={STRATEGY_WORDS[strategy].does}
            />
          ))}
        </Stack>
      </Radio.Group>
      {danger !== null && (
        <Alert color="red" title="No way back" role="status">
          {danger}
        </Alert>
      )}
      {wish.strategy === 'replace' && (
        <PemInput
          label="Bundle"
          description="PEM of every CA certificate that is trusted then."
          value={wish.bundlePem}
          onChange={(bundlePem) => change({ ...wish, bundlePem })}
          required
        />
      )}
      {wish.strategy === 'distrust' && <AnchorsThatGo {...props} />}
      {goesTogether(wish.strategy) && <Together {...props} />}
      <Textarea
        label="Reason"
        description="For those who read it later; it is on record."
        value={wish.reason}
        onChange={({ currentTarget }) => change({ ...wish, reason: currentTarget.value.replace(/\n/g, ' ') })}
        maxLength={500}
        autosize
        required={wish.strategy === 'distrust'}
      />
    </Stack>
  );
}

function AnchorsThatGo({ fleet, wish, change }: WishFormProps) {
  const { anchors } = fleet;
  return (
    <Checkbox.Group
      label="Anchors that go"
      value={[...wish.anchors]}
      onChange={(chosen) => change({ ...wish, anchors: chosen })}
    >
      <Stack gap="xs" mt={4}>
        {anchors.map(({ id, subject }) => (
          <Checkbox key={id} value={id} label={subject} description={<span className="mono">{id}</span>} />
        ))}
        {anchors.length === 0 && <Text size="sm">The fleet is not known to trust any.</Text>}
      </Stack>
    </Checkbox.Group>
  );
}

function Together({ sharing, wish, change }: WishFormProps) {
  if (sharing.length === 0) return null;
  const must = wish.strategy === 'overlap';
  return (
    <Checkbox.Group
      label="Together with"
      description={
        must
          ? 'Their clients get certificates of the same issuing CA. It switches for all of them, so all must be named.'
          : 'They trust the same issuing CA. Those that you name lose the anchors as well.'
      }
      value={[...wish.together]}
      onChange={(together) => change({ ...wish, together })}
    >
      <Stack gap="xs" mt={4}>
        {sharing.map(({ id, name }) => (
          <Checkbox key={id} value={id} label={name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
