import { z } from 'zod';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { line } from '../http/text.js';

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of one request: more would be a list, not a subject. */
const MOST_SUBJECTS = 50;

const REASON = line(500);

/**
 * Whether a request is one for the audit log: all but reads, of callers that are known. What strangers send is in the
 * log of the API alone, or they could fill a table that nobody may empty.
 */
export function isAudited({ method, caller }: ApiRequest): boolean {
  return caller !== undefined && !READS.includes(method);
}

/** Who, as an actor that is always the same, and as people know them at that time. */
export function whoAsked(request: ApiRequest) {
  const { id, name, roles } = callerOf(request);
  return { actor: id, actorLabel: name === '' ? null : name, actorRole: roles.join(' ') };
}

/** Where the request came from, an IPv4 address as such. */
export function whereFrom({ ip }: ApiRequest): string | null {
  return ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? null;
}

/** `fleet:<id>` for each `/fleets/<id>` of a path, a verb behind it or not. Only UUIDs: anything may stand in a path. */
export function subjectsInPath(path: string): readonly string[] {
  const segments = path.split('?', 1)[0]?.split('/') ?? [];
  return segments.flatMap((segment, place) => {
    const [id = ''] = segment.split(':', 1);
    const collection = segments[place - 1] ?? '';
    return UUID.test(id) ? [subject(collection, id)] : [];
  });
}

/** The fleets that a body names. */
export function subjectsInBody(body: unknown): readonly string[] {
  const { fleetId, together } = fieldsOf(body);
  const named = [fleetId, ...(Array.isArray(together) ? together : [])];
  return named.flatMap((id) => (typeof id === 'string' && UUID.test(id) ? [`fleet:${id}`] : []));
}

/** What was made: by its Location, or by its id where it has none. */
export function subjectsMade(path: string, location: unknown, made: unknown): readonly string[] {
  if (typeof location === 'string') return subjectsInPath(location);
  const { id } = fieldsOf(made);
  const collection = path.split('?', 1)[0]?.split('/').at(-1) ?? '';
  return typeof id === 'string' && UUID.test(id) && !collection.includes(':')
    ? [subject(collection, id)]
    : [];
}

/** Each once. */
export function fewSubjects(subjects: readonly string[]): readonly string[] {
  return [...new Set(subjects)].slice(0, MOST_SUBJECTS);
}

/** Why, where the body says so in a form that may be kept. */
export function reasonIn(body: unknown): string | null {
  const { reason } = fieldsOf(body);
  return REASON.safeParse(reason).data ?? null;
}

/** Names of the fields that were sent, of those that the schema knows: others may hold anything in their very name. */
export function knownFields(schema: unknown, body: unknown): readonly string[] {
  const known = new Set(fieldNames(schema));
  return Object.keys(fieldsOf(body))
    .filter((name) => known.has(name))
    .sort();
}

function fieldNames(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(fieldNames);
  return [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** `fleets` and an id make `fleet:<id>`, `deliveries` and one `delivery:<id>`. */
function subject(collection: string, id: string): string {
  return `${collection.replace(/ies$/, 'y').replace(/s$/, '')}:${id.toLowerCase()}`;
}
