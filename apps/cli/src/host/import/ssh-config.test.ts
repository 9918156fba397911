import { describe, expect, it } from 'vitest';
import { readSshConfig } from './ssh-config.js';

const server = (over: object) => ({ port: 22, user: null, keyFile: null, ...over });

describe('the hosts of an ssh_config', () => {
  it('have what ssh would use: of every block that is for them, the first that says something', () => {
    const { hosts } = readSshConfig(`# mine
User everybody
Host edge-1 edge-2
  HostName %h.example
  Port=2222
host edge-2 # the second
  hostname ignored
  IdentityFile "~/.ssh/with blank"
Host *.lab !x.lab
  User nobody-else
Host *
  Port 22
  IdentityFile ~/.ssh/id_ed25519
`);
    expect(hosts).toEqual([
      {
        line: 3,
        name: 'edge-1',
        address: 'edge-1.example',
        port: 2222,
        user: 'everybody',
        keyFile: '~/.ssh/id_ed25519',
        jump: null,
      },
      {
        line: 3,
        name: 'edge-2',
        address: 'edge-2.example',
        port: 2222,
        user: 'everybody',
        keyFile: '~/.ssh/with blank',
        jump: null,
      },
    ]);
  });

  it('may lie behind a jump host, which may be a name of the file', () => {
    const { hosts } = readSshConfig(`
Host a
  ProxyJump bastion
Host b
  ProxyJump me@10.0.0.1:2200
Host c
  ProxyJump none
Host bastion
  HostName bastion.example
  User jump
  Port 2022
`);
    expect(hosts.map(({ name, jump }) => [name, jump])).toEqual([
      ['a', server({ address: 'bastion.example', user: 'jump', port: 2022 })],
      ['b', server({ address: '10.0.0.1', user: 'me', port: 2200 })],
      ['c', null],
      ['bastion', null],
    ]);
  });

  it('are not by way of themselves, and not by way of two, where a pattern names one jump host for all', () => {
    const { hosts, unusable } = readSshConfig(
      'Host a bastion\nHost b\n  ProxyJump other\nHost *\n  ProxyJump bastion\n',
    );
    expect(hosts.map(({ name, jump }) => [name, jump?.address])).toEqual([
      ['a', 'bastion'],
      ['bastion', undefined],
    ]);
    expect(unusable).toMatchObject([{ what: 'b', why: 'its jump host other lies behind another one' }]);
  });

  it.each([
    ['ProxyCommand nc %h %p', 'it is reached by a ProxyCommand; Windlass knows ProxyJump'],
    ['ProxyJump a,b', 'it lies behind several jump hosts; Windlass knows one'],
    ['ProxyJump a:b:c', 'ProxyJump "a:b:c" is not understood'],
    ['ProxyJump far', 'its jump host far lies behind another one'],
    ['Port ssh', '"ssh" is no port'],
    ['HostName %n.example', 'HostName "%n.example" has a token that is not followed'],
    ['IdentityFile %d/key', 'IdentityFile "%d/key" has a token that is not followed'],
  ])('with "%s" cannot be enrolled', (setting, why) => {
    const { hosts, unusable } = readSshConfig(`Host edge\n  ${setting}\nHost far\n  ProxyJump further\n`);
    expect(hosts.map(({ name }) => name)).toEqual(['far']);
    expect(unusable).toEqual([{ line: 1, what: 'edge', why }]);
  });

  it('are named with what was passed over, once for each word', () => {
    const { passedOver } = readSshConfig(`Include conf.d/*
Host a
  ForwardAgent yes
Host b
  ForwardAgent no
Match host c
  User x
`);
    expect(passedOver).toEqual([
      { line: 1, what: 'include', why: 'is not followed: give that file too' },
      { line: 3, what: 'forwardagent', why: 'says nothing to Windlass' },
      { line: 6, what: 'Match', why: 'is not followed: what it sets counts for no host' },
    ]);
  });
});
