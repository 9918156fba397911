import { Group, NumberInput, Select } from '@mantine/core';
import type { FaultAt } from '../elements/field-faults.js';
import { RULE_POINTERS, type Rule, type ScheduleDraft } from './schedule-draft.js';

const RULES: readonly { readonly value: Rule; readonly label: string; readonly amount: string | null }[] = [
  { value: 'days', label: 'with so many days left', amount: 'Days' },
  { value: 'hours', label: 'with so many hours left', amount: 'Hours' },
  { value: 'percent', label: 'when so much of the lifetime is over', amount: 'Percent' },
  { value: 'each', label: 'at each time of the pattern', amount: null },
];

interface RuleFieldsProps {
  readonly draft: ScheduleDraft;
  readonly at: FaultAt;
  onChange(change: Partial<ScheduleDraft>): void;
}

/** When something is due. */
export function RuleFields({ draft, at, onChange }: RuleFieldsProps) {
  const amount = RULES.find(({ value }) => value === draft.rule)?.amount;
  const fault = RULE_POINTERS.map(at).find((one) => one !== null) ?? null;
  return (
    <Group align="flex-start" grow preventGrowOverflow={false}>
      <Select
        label="Due"
        description={draft.kind === 'refresh' ? 'Of the CRL that ends first.' : 'Of the CA that issues.'}
        allowDeselect={false}
        data={RULES.map(({ value, label }) => ({ value, label }))}
        value={draft.rule}
        error={amount ? null : fault}
        onChange={(value) => {
          const rule = RULES.find((one) => one.value === value)?.value;
          if (rule) onChange({ rule });
        }}
      />
      {amount && (
        <NumberInput
          label={amount}
          description="At most."
          {...{ min: 0, allowDecimal: false }}
          value={draft.amount}
          error={fault}
          onChange={(value) => onChange({ amount: Number(value) })}
        />
      )}
    </Group>
  );
}
