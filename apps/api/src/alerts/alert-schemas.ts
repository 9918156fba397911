import { z } from 'zod';

const MOST_ALERTS = 1_000;

const Labels = z.record(z.string().max(200), z.string().max(4_000));

/** What Alertmanager sends, version 4. It is another program's: fields that it adds are let pass. */
export const AlertmanagerWebhook = z
  .looseObject({
    version: z.literal('4', { error: 'must be "4", the version that Alertmanager sends' }),
    alerts: z
      .array(
        z.looseObject({
          status: z.enum(['firing', 'resolved']),
          labels: Labels,
          startsAt: z.iso.datetime({ offset: true }),
          fingerprint: z.string().regex(/^[0-9a-f]{1,64}$/, 'must be the fingerprint of an alert, in hex'),
        }),
      )
      .max(MOST_ALERTS),
  })
  .meta({
    id: 'AlertmanagerWebhook',
    description: 'The body of a `webhook_config` of Alertmanager; what is not named here is not looked at.',
  });

export const AlertOutcome = z.object({
  fingerprint: z.string(),
  outcome: z.enum(['asked', 'asked-before', 'ignored']).meta({
    description:
      'asked: a schedule starts its rotation now, or when its window opens. asked-before: this very alert did so already.',
  }),
  because: z.string().meta({ description: 'In words.' }),
});

export const AlertOutcomes = z
  .object({ items: z.array(AlertOutcome).meta({ description: 'One for each alert, in its order.' }) })
  .meta({ id: 'AlertOutcomes' });

export type SentAlert = z.output<typeof AlertmanagerWebhook>['alerts'][number];
export type AlertOutcome = z.output<typeof AlertOutcome>;
