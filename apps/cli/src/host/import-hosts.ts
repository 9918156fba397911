import { homedir } from 'node:os';
import type { Call } from '../command-line/call.js';
import { agrees } from '../command-line/person.js';
import { fleetCalled, hostsOf } from '../server/fleets.js';
import { textIn } from '../server/read-file.js';
import { given } from '../server/server.js';
import { type Enrolment, enrolmentOf } from './import/enrolment.js';
import type { Imported } from './import/imported.js';
import { preview, previewValue } from './import/preview.js';
import { surroundingsOf } from './import/surroundings.js';
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
  const surroundings = surroundingsOf(values, desk.env.HOME || homedir());
  const enrolment = enrolmentOf(imported, values, enrolled, surroundings);
  const keyFiles = surroundings.keyFiles();
  if (values['dry-run']) {
    show(previewValue(enrolment, keyFiles), () => preview(enrolment, keyFiles));
    return enrolment.unusable.length === 0 ? 0 : 1;
  }
  desk.complain(preview(enrolment, keyFiles));
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
