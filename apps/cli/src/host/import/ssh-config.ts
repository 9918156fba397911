import { sshPlaceIn } from '../host-body.js';
import {
  type Imported,
  type ImportedHost,
  type ImportedServer,
  portIn,
  type Remark,
  readEach,
  Unusable,
} from './imported.js';
import { type Block, isFor, isPattern, type Setting, sshConfigBlocks } from './ssh-config-lines.js';

const READ = ['hostname', 'port', 'user', 'identityfile', 'proxyjump', 'proxycommand'];

/**
 * The hosts that an ssh_config names, with what ssh would use for each: of every block that is for it, the first that
 * says something. `Match` and `Include` are not followed, and are named. Pure.
 */
export function readSshConfig(text: string): Imported {
  const blocks = sshConfigBlocks(text);
  const plain = blocks.filter(({ kind }) => kind !== 'match');
  const named = new Map<string, number>();
  for (const { kind, patterns, line } of blocks) {
    if (kind !== 'host') continue;
    for (const name of patterns) if (!isPattern(name) && !named.has(name)) named.set(name, line);
  }
  const items = [...named].map(([name, line]) => ({ name, line }));
  return {
    ...readEach(items, ({ name, line }) => ({ ...hostCalled(name, plain), name, line })),
    passedOver: passedOver(blocks),
  };
}

function hostCalled(name: string, blocks: readonly Block[]): Omit<ImportedHost, 'name' | 'line'> {
  const command = first(name, blocks, 'proxycommand');
  if (command !== null && command[0]?.toLowerCase() !== 'none') {
    throw new Unusable('it is reached by a ProxyCommand; Windlass knows ProxyJump');
  }
  const jump = first(name, blocks, 'proxyjump')?.[0] ?? 'none';
  // A pattern that covers the jump host too names it as its own: nobody goes by way of himself.
  const isDirect = ['none', name.toLowerCase()].includes(jump.toLowerCase());
  return { ...serverCalled(name, blocks), jump: isDirect ? null : jumpAt(jump, blocks) };
}

function serverCalled(name: string, blocks: readonly Block[]): ImportedServer {
  const word = (keyword: string) => first(name, blocks, keyword)?.[0] ?? null;
  const port = word('port');
  return {
    address: expanded(word('hostname') ?? name, name),
    port: port === null ? 22 : portIn(port),
    user: withoutTokens(word('user'), 'User'),
    keyFile: withoutTokens(word('identityfile'), 'IdentityFile'),
  };
}

/** A jump host may be a name of the same file; what is written beside it goes first. */
function jumpAt(text: string, blocks: readonly Block[]): ImportedServer {
  if (text.includes(',')) throw new Unusable('it lies behind several jump hosts; Windlass knows one');
  const bare = text.replace(/^ssh:\/\//, '');
  const place = sshPlaceIn(bare);
  if (place === null) throw new Unusable(`ProxyJump "${text}" is not understood`);
  const further = first(place.address, blocks, 'proxyjump')?.[0]?.toLowerCase() ?? 'none';
  const command = first(place.address, blocks, 'proxycommand')?.[0]?.toLowerCase() ?? 'none';
  if (command !== 'none' || !['none', place.address.toLowerCase()].includes(further)) {
    throw new Unusable(`its jump host ${place.address} lies behind another one`);
  }
  const server = serverCalled(place.address, blocks);
  const port = /:\d+$/.test(bare) ? place.port : server.port;
  return { ...server, port, user: place.user ?? server.user };
}

function first(name: string, blocks: readonly Block[], keyword: string): readonly string[] | null {
  for (const { patterns, settings } of blocks) {
    const found = isFor(patterns, name) ? settings.find((one) => one.keyword === keyword) : undefined;
    if (found !== undefined) return found.words;
  }
  return null;
}

/** TOKENS of ssh_config(5) that a HostName may have. */
function expanded(text: string, name: string): string {
  return withoutTokens(text.replaceAll('%h', name).replaceAll('%%', '%'), 'HostName') ?? name;
}

function withoutTokens(text: string | null, keyword: string): string | null {
  if (text !== null && /%|\$\{/.test(text))
    throw new Unusable(`${keyword} "${text}" has a token that is not followed`);
  return text;
}

/** One remark for each keyword that was not read. */
function passedOver(blocks: readonly Block[]): readonly Remark[] {
  const matches = blocks
    .filter(({ kind }) => kind === 'match')
    .map(({ line }) => ({ line, what: 'Match', why: 'is not followed: what it sets counts for no host' }));
  const seen = new Map<string, Setting>();
  for (const setting of blocks.flatMap(({ settings }) => settings)) {
    if (!READ.includes(setting.keyword) && !seen.has(setting.keyword)) seen.set(setting.keyword, setting);
  }
  const settings = [...seen.values()].map(({ line, keyword }) => ({
    ...{ line, what: keyword },
    why: keyword === 'include' ? 'is not followed: give that file too' : 'says nothing to Windlass',
  }));
  return [...matches, ...settings].sort((one, other) => one.line - other.line);
}
