/** What is looked for; texts, as people type them. */
export interface AuditFilter {
  readonly actor: string;
  readonly operation: string;
  /** `fleet:<id>` and the like; empty for all. */
  readonly subject: string;
  /** As an input of the type datetime-local has it, in the time zone of the browser. */
  readonly from: string;
  readonly until: string;
}

export const NO_FILTER: AuditFilter = { actor: '', operation: '', subject: '', from: '', until: '' };

/** The query of `GET /v1/audit`: what is empty, and a time that is none, is left out. */
export function queryOf(filter: AuditFilter): Partial<Record<keyof AuditFilter, string>> {
  const given = Object.entries(filter)
    .map(([field, text]) => [field, isTime(field) ? instantOf(text) : text.trim()] as const)
    .filter(([, text]) => text !== '');
  return Object.fromEntries(given);
}

function isTime(field: string): boolean {
  return field === 'from' || field === 'until';
}

function instantOf(local: string): string {
  const at = Date.parse(local);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}
