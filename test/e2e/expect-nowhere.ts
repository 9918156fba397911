import { expect } from 'vitest';
import { everyRow } from './job-spy.js';
import type { RunningApi } from './running-api.js';
import { SecretSearch } from './secret-search.js';

/** What each place must hold, so that a search that looked at nothing is found out. */
export interface Landmarks {
  readonly database: string;
  readonly log: string;
  readonly replies: string;
}

/** The secrets are in no row, no line of the log and no reply. */
export async function expectNowhere(
  api: RunningApi,
  secrets: Readonly<Record<string, string>>,
  landmarks: Landmarks,
): Promise<void> {
  const places: Landmarks = {
    database: await everyRow(api.databaseUrl),
    log: api.logLines.join('\n'),
    replies: api.replies.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n'),
  };
  const search = new SecretSearch(secrets);
  for (const place of ['database', 'log', 'replies'] as const) {
    expect(places[place], place).toContain(landmarks[place]);
    expect(search.foundIn(places[place]), place).toEqual([]);
  }
}
