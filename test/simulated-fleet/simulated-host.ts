import { type HostGateway, type HostTarget, type HostToken, PortError, Secret } from '#engine';
import { Random } from '../../libs/simulation/src/random.js';
import { SimGateway } from '../../libs/simulation/src/sim-gateway.js';
import { SimMachine } from '../../libs/simulation/src/sim-machine.js';
import { SimProcess } from '../../libs/simulation/src/sim-process.js';
import type { VirtualTime } from '../../libs/simulation/src/virtual-time.js';
import { DirectNetwork } from '../faults/real-time.js';
import { confirmLines, failLines, observationLines, switchLines } from './host-answers.js';
import type { HostMessage } from './host-messages.js';

/** What the configuration of every simulated host names (libs/simulation/src/sim-gateway.ts). */
export const MANAGED_PATH = '/etc/nginx/clients.pem';
export const SERVER_NAME = 'edge.test';

/** One simulated host behind the wire of the host script. */
export class SimulatedHost {
  readonly machine: SimMachine;
  private readonly gateway: HostGateway;
  private readonly target: HostTarget;
  /** The last stage that came over each open channel: it lapses with the channel. */
  private readonly staged = new WeakMap<object, HostToken>();

  constructor(
    readonly address: string,
    content: string,
    time: VirtualTime,
    random: Random,
    private readonly httpsPort: number,
  ) {
    this.machine = new SimMachine(address, content, time, random, 1, () => undefined);
    const network = new DirectNetwork(time, new Random(0));
    const process = new SimProcess('the wire', time, 0);
    this.gateway = new SimGateway(process, network, new Map([[address, this.machine]]));
    this.target = {
      ...{ id: address, name: address, fleetId: '', address, port: 0, user: 'root', nginxBinary: 'nginx' },
      ...{ hostKey: '', privateKey: new Secret('none'), managedPaths: [MANAGED_PATH] },
    };
  }

  /** The whole answer to one message, as the script prints it. `channel` is the one that it came over. */
  async answer(message: HostMessage, channel: object): Promise<string> {
    const lines = await this.linesFor(message, channel).catch((error: unknown) => {
      if (!(error instanceof PortError)) throw error;
      return failLines(error.problem.code, error.problem.message);
    });
    return `${lines.join('\n')}\ndone ${message.values.get('reply')}\n`;
  }

  /** As the script does when its channel ends: nobody is left who could say go to what came over it last. */
  abandon(channel: object): void {
    const token = this.staged.get(channel);
    const { machine } = this;
    if (machine.state?.step !== 'staged' || JSON.stringify(machine.state.token) !== JSON.stringify(token))
      return;
    machine.staged = null;
    machine.state = { ...machine.state, step: 'discarded', lapsed: true };
  }

  private async linesFor(message: HostMessage, channel: object): Promise<readonly string[]> {
    const { gateway, target } = this;
    const { values, body: content } = message;
    const text = (key: string) => values.get(key) ?? '';
    const [from, to, deadline] = [text('from'), text('to'), Number(text('deadline'))];
    const token = tokenOf(text);
    switch (text('step')) {
      case 'observe':
        return [...observationLines(await this.observe()), 'ok'];
      case 'stage':
        this.staged.set(channel, token);
        await gateway.stage(target, token, from, { digest: to, content }, Number(text('vote')));
        return ['ok'];
      case 'commit': {
        const within = values.has('stays') ? null : deadline;
        return [...switchLines(await gateway.commit(target, token, from, to, within)), 'ok'];
      }
      case 'renew':
        await gateway.renew(target, token, to, deadline);
        return ['ok'];
      case 'confirm':
        return [...confirmLines(await gateway.confirm(target, token, to)), 'ok'];
      case 'revert':
        return [...switchLines(await gateway.revert(target, token, from, to)), 'ok'];
      case 'discard':
        await gateway.discard(target, token);
        return ['ok'];
      case 'leave':
        this.staged.delete(channel);
        return [];
      case 'try':
        await gateway.tryBundle(target, content);
        return ['ok'];
      case 'clients':
        return failLines('host.log-missing', text('log'));
      case 'openssl':
      case 'verify':
        return failLines('host.no-openssl', 'no openssl command');
      default:
        return failLines('host.script-failed', `unknown step ${text('step')}`);
    }
  }

  private async observe() {
    const seen = await this.gateway.observe(this.target);
    if (seen.nginx === null) return seen;
    const server = `listen ${this.address}:${this.httpsPort} ssl;\n    server_name ${SERVER_NAME};`;
    const configDump = seen.nginx.configDump.replace('listen 8443 ssl;', server);
    return { ...seen, nginx: { ...seen.nginx, configDump } };
  }
}

function tokenOf(text: (key: string) => string): HostToken {
  const number = (key: string) => Number(text(key));
  return {
    ...{ installation: text('installation'), rotation: text('rotation') },
    ...{ epoch: number('epoch'), term: number('term'), serial: number('serial') },
  };
}
