import { KnownHostsFault, knownHostKey, readKnownHosts } from '#host';
import type { Call } from '../command-line/call.js';
import { fleetCalled } from '../server/fleets.js';
import { textIn } from '../server/read-file.js';
import { given } from '../server/server.js';
import { wholeIn } from '../server/words-in.js';
import { type NewHost, settingsBody, sshPlaceIn } from './host-body.js';
import { algorithmIn, givenKey, shownKey } from './host-key.js';
import { loginKeyIn } from './login-key.js';
import type { ADD_OPTIONS } from './options.js';
import { hostCard } from './show-hosts.js';

type AddCall = Call<typeof ADD_OPTIONS>;
type Server = { readonly name: string; readonly address: string; readonly port: number };

/** Enrols a host once its key is known to be its own. */
export async function addHost(call: AddCall): Promise<number> {
  const { client, values, operands, show } = call;
  const [word = '', name = ''] = operands;
  const { address, user } = values;
  if (address === undefined) throw new RangeError('--address is missing: where SSH is spoken');
  if (user === undefined) throw new RangeError('--user is missing: who logs in');
  const settings = settingsBody(values, address);
  const login = loginOf(values['key-file'], values.agent === true);
  const { id: fleetId } = await fleetCalled(client, word);
  const server = { name, address, port: wholeIn(values.port, 'port') };
  const jump = await jumpOf(call, user, login);
  const hostKey = jump === null ? null : await keyOf(call, server, jump !== undefined);
  if (jump === null || hostKey === null) {
    call.desk.complain('Nothing was enrolled.');
    return 1;
  }
  const { data } = await client.POST('/v1/fleets/{fleetId}/hosts', {
    params: { path: { fleetId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { ...server, user, ...login, ...settings, hostKey, ...(jump === undefined ? {} : { jump }) },
  });
  const host = given(data);
  if ('hosts' in host) throw new Error('the API gave a list where one host was enrolled');
  show(host, hostCard);
  return 0;
}

type Login = Pick<NewHost, 'login' | 'privateKey'>;

function loginOf(keyFile: string | undefined, agent: boolean): Login {
  if ((keyFile === undefined) === !agent) {
    throw new RangeError('one login is needed: --key-file, or --agent for the SSH agent of the workers');
  }
  if (keyFile === undefined) return { login: 'agent' };
  return { login: 'key', privateKey: loginKeyIn(keyFile, 'key-file') };
}

/** Null where its key was not taken, undefined where there is none. */
async function jumpOf(
  call: AddCall,
  user: string,
  login: Login,
): Promise<NonNullable<NewHost['jump']> | null | undefined> {
  const { jump: text, 'jump-key-file': keyFile, 'jump-host-key': key } = call.values;
  if (text === undefined) return undefined;
  const place = sshPlaceIn(text);
  if (place === null)
    throw new RangeError(`--jump must be such as windlass@jump.example:2222, not "${text}"`);
  const { address, port } = place;
  const server = { name: `the jump host ${address}`, address, port };
  const hostKey = key === undefined ? await knownOrShown(call, server) : givenKey(key, 'jump-host-key');
  if (hostKey === null) return null;
  const own = keyFile === undefined ? login : loginOf(keyFile, false);
  return { address, port, user: place.user ?? user, ...own, hostKey };
}

async function keyOf(call: AddCall, server: Server, isBehindJump: boolean): Promise<string | null> {
  const key = call.values['host-key'];
  if (key !== undefined) return givenKey(key, 'host-key');
  if (isBehindJump && call.values['known-hosts'] === undefined) {
    throw new RangeError(
      'behind a jump host the key cannot be asked for from here: give --host-key or --known-hosts',
    );
  }
  return knownOrShown(call, server);
}

async function knownOrShown({ values, desk }: AddCall, server: Server): Promise<string | null> {
  const file = values['known-hosts'];
  if (file === undefined) return shownKey(desk, server, values['accept-host-key']);
  const algorithm = algorithmIn(values['host-key-algorithm']);
  try {
    return knownHostKey(readKnownHosts(textIn(file, 'known-hosts')), server, algorithm);
  } catch (error) {
    if (error instanceof KnownHostsFault) throw new RangeError(`--known-hosts ${file}: ${error.message}`);
    throw error;
  }
}
