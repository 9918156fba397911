import { Anchor, Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import type { RuleTexts, Severity } from '#nginx-audit';
import { StateBadge, type Tone } from '../elements/state-badge.js';
import type { Examination, ShownFinding } from './examination.js';
import classes from './sandbox.module.css';

const LOOKS: Readonly<Record<Severity, { readonly tone: Tone; readonly glyph: string }>> = {
  error: { tone: 'bad', glyph: '✖' },
  warning: { tone: 'waits', glyph: '▲' },
  note: { tone: 'busy', glyph: '●' },
};

interface FindingsListProps {
  readonly examination: Examination;
  readonly declined: ReadonlySet<string>;
  readonly onGoTo: (range: { readonly from: number; readonly to: number }) => void;
  readonly onDecline: (key: string, isDeclined: boolean) => void;
}

/** Every finding: where, what, why, and whether it is to be mended. */
export function FindingsList({ examination, declined, onGoTo, onDecline }: FindingsListProps) {
  return (
    <ol className={classes.findings} aria-label="Findings">
      {examination.findings.map((finding) => (
        <Paper
          component="li"
          withBorder
          p="sm"
          key={`${finding.line}:${finding.column} ${finding.file} ${finding.key}`}
        >
          <Stack gap={6}>
            <FindingHead finding={finding} onGoTo={onGoTo} />
            <Text size="sm">{finding.message}</Text>
            {finding.accepted !== null && <Text size="sm">Accepted by a comment: {finding.accepted}</Text>}
            {finding.fix !== null && finding.accepted === null && (
              <Checkbox
                size="sm"
                label={finding.fix}
                checked={!declined.has(finding.key)}
                onChange={(event) => onDecline(finding.key, !event.currentTarget.checked)}
              />
            )}
            <Why texts={examination.rules[finding.rule]} />
          </Stack>
        </Paper>
      ))}
    </ol>
  );
}

function FindingHead({
  finding,
  onGoTo,
}: Pick<FindingsListProps, 'onGoTo'> & { readonly finding: ShownFinding }) {
  const { severity, rule, line, column, range } = finding;
  const { tone, glyph } = LOOKS[severity];
  return (
    <Group gap="xs">
      <StateBadge tone={tone} glyph={glyph}>
        {severity}
      </StateBadge>
      {range === null ? (
        <Text size="sm">
          line {line}:{column}
        </Text>
      ) : (
        <Anchor component="button" type="button" size="sm" underline="always" onClick={() => onGoTo(range)}>
          line {line}:{column}
        </Anchor>
      )}
      <code>{rule}</code>
    </Group>
  );
}

function Why({ texts }: { readonly texts: RuleTexts | undefined }) {
  if (texts === undefined) return null;
  return (
    <details className={classes.why}>
      <summary>
        <Text span size="sm">
          Why, and what to do
        </Text>
      </summary>
      <Stack gap={6} mt={6}>
        <Text size="sm">{texts.does}</Text>
        <Text size="sm">{texts.matters}</Text>
        <Text size="sm">
          <strong>What to do:</strong> {texts.remedy}
        </Text>
        <Text size="sm">
          Written in{' '}
          {texts.references.map(({ title, url }, index) => (
            <span key={url}>
              {index > 0 && ', '}
              <Anchor href={url} target="_blank" rel="noreferrer" underline="always">
                {title}
              </Anchor>
            </span>
          ))}
        </Text>
      </Stack>
    </details>
  );
}
