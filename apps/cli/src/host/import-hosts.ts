import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { hostKeyFingerprint, type KnownHostLine, knownHostKey, readKnownHosts } from '#host';
import type { Call } from '../command-line/call.js';
import { agrees } from '../command-line/person.js';
import { fleetCalled, hostsOf } from '../server/fleets.js';
import { secretIn, textIn } from '../server/read-file.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';
import { algorithmIn, givenKey } from './host-key.js';
import { type Enrolment, enrolmentOf, type Surroundings } from './import/enrolment.js';
import type { Imported, Remark } from './import/imported.js';
import type { IMPORT_OPTIONS } from './options.js';
import { hostTable } from './show-hosts.js';

type ImportCall = Call<typeof IMPORT_OPTIONS>;
type Values = ImportCall['values'];

/** Enrols all of a file in one request, or none. */
export async function importHosts(call: ImportCall): Promise<number> {
  const { client, values, operands, desk, show } = call;
  const imported = await importedFrom(values);
  const fleet = await fleetCalled(client, operands[0] ?? '');
  const enrolled = await hostsOf(client, fleet.id);
  const enrolment = enrolmentOf(
    imported,
    values,
    enrolled,
    surroundingsOf(values, desk.env.HOME || homedir()),
  );
  if (values['dry-run']) {
    show(previewValue(enrolment), () => preview(enrolment));
    return enrolment.unusable.length === 0 ? 0 : 1;
  }
  desk.complain(preview(enrolment));
  if (!(await wanted(call, enrolment, fleet.name))) return 1;
  desk.waitingFor(`enrolling ${enrolment.hosts.length} hosts in ${fleet.name}`);
  const { data } = await client.POST('/v1/fleets/{fleetId}/hosts', {
    params: { path: { fleetId: fleet.id }, header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { hosts: [...enrolment.hosts] },
  });
  const made = given(data);
  show('hosts' in made ? made.hosts : [made], hostTable);
  return 0;
}

async function wanted(
  { values, desk }: ImportCall,
  { hosts, unusable }: Enrolment,
  fleet: string,
): Promise<boolean> {
  if (hosts.length === 0) {
    desk.complain('There is nothing to enrol.');
    return false;
  }
  const isPartial = unusable.length > 0 && !values['skip-unusable'];
  if (isPartial && (values.yes || !desk.person.present)) {
    throw new RangeError(
      `${unusable.length} cannot be enrolled, so none was: mend them, or give --skip-unusable`,
    );
  }
  const count = unusable.length > 0 ? `the other ${hosts.length}` : `${hosts.length}`;
  const wish = { yes: values.yes === true, otherwise: 'give --yes' };
  return agrees(desk.person, `Enrol ${count} in ${fleet}?`, wish);
}

async function importedFrom(values: Values): Promise<Imported> {
  const sources = (['from-ssh-config', 'inventory', 'csv'] as const).filter(
    (name) => values[name] !== undefined,
  );
  const [source, another] = sources;
  const file = source === undefined ? undefined : values[source];
  if (source === undefined || file === undefined || another !== undefined) {
    throw new RangeError('name one source: --from-ssh-config FILE, --inventory FILE or --csv FILE');
  }
  if (values.group !== undefined && source !== 'inventory')
    throw new RangeError('--group belongs to --inventory');
  const text = textIn(file, source);
  try {
    return await readers[source](text, file, values.group);
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`);
  }
}

const readers = {
  'from-ssh-config': async (text: string) => (await import('./import/ssh-config.js')).readSshConfig(text),
  csv: async (text: string) => (await import('./import/csv.js')).readCsv(text),
  inventory: async (text: string, file: string, group: string | undefined) => {
    const isYaml = /\.ya?ml$/i.test(file) || /^(---|\w+:\s*$)/m.test(text);
    if (isYaml) return (await import('./import/yaml-inventory.js')).readYamlInventory(text).read(group);
    return (await import('./import/ini-inventory.js')).readIniInventory(text).read(group);
  },
};

function surroundingsOf(values: Values, home: string): Surroundings {
  const inHome = (file: string) => (file.startsWith('~/') ? path.join(home, file.slice(2)) : file);
  const algorithm = algorithmIn(values['host-key-algorithm']);
  let lines: readonly KnownHostLine[] | null = null;
  return {
    privateKey: remembered((file) => `${secretIn(inHome(file), 'key-file')}\n`),
    hostKey: (server, key) => {
      if (key !== undefined) return givenKey(key, 'host-key');
      lines ??= knownHosts(values['known-hosts'], path.join(home, '.ssh/known_hosts'));
      return knownHostKey(lines, server, algorithm);
    },
  };
}

/** Standard input can be read once. */
function remembered(read: (file: string) => string): (file: string) => string {
  const known = new Map<string, string>();
  return (file) => {
    const text = known.get(file) ?? read(file);
    known.set(file, text);
    return text;
  };
}

function knownHosts(file: string | undefined, usual: string): readonly KnownHostLine[] {
  if (file !== undefined) return readKnownHosts(textIn(file, 'known-hosts'));
  try {
    return readKnownHosts(readFileSync(usual, 'utf8'));
  } catch {
    throw new RangeError('nobody knows its host key: give --known-hosts FILE');
  }
}

function preview({ hosts, unusable, passedOver }: Enrolment): string {
  const rows = hosts.map(({ name, address, port, user, login, jump, hostKey = '' }) => [
    ...[name, `${address}:${port}`, `${user}, ${login}`, jump?.address ?? '-', hostKeyFingerprint(hostKey)],
  ]);
  return [
    columns([['NAME', 'ADDRESS', 'LOGIN', 'JUMP', 'HOST KEY'], ...rows]),
    ...remarks('Passed over', passedOver),
    ...remarks('Cannot be enrolled', unusable),
  ].join('\n');
}

function remarks(title: string, all: readonly Remark[]): string[] {
  return all.length === 0
    ? []
    : ['', `${title}:`, ...all.map(({ line, what, why }) => `  line ${line}: ${what}: ${why}`)];
}

/** Without keys to log in with. */
function previewValue({ hosts, ...others }: Enrolment) {
  return {
    hosts: hosts.map(({ privateKey: _, jump, ...host }) => {
      const { privateKey: __, ...shownJump } = jump ?? {};
      return { ...host, jump: jump ? shownJump : null };
    }),
    ...others,
  };
}
