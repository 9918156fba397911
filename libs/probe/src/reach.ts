import { promises as dns, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { PortError, type ProbeTarget } from '#engine';

/** How long a list of hosts serves before it is read anew; a host that is missing in it is looked for at once. */
const HOSTS_KEPT_MS = 60_000;

/** A target, and the address that is dialled for it. */
export type PinnedTarget = ProbeTarget & { readonly at: string };

/** Where a probe may go. */
export interface ProbeReach {
  /** The address to dial for the target. Throws PortError `probe.not-allowed`, `probe.no-answer`. */
  addressFor(target: Pick<ProbeTarget, 'address' | 'port'>): Promise<string>;
}

/** Goes anywhere: for whoever has no hosts to hold a target against. */
export const ANYWHERE: ProbeReach = { addressFor: async ({ address }) => address };

export interface RegisteredHostsOptions {
  /** Addresses and names of every host that is enrolled. */
  readonly hosts: () => Promise<readonly string[]>;
  /** CIDR, such as `10.20.0.0/16`. What is in them may be probed whatever it is. */
  readonly ranges: readonly string[];
  readonly lookup?: (name: string) => Promise<readonly LookupAddress[]>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * Only to hosts that are enrolled, and into ranges that were allowed, so that a probe target is no way to reach what
 * this machine can and a person cannot. A name is resolved once: every address of it is checked, and one of those that
 * were checked is dialled.
 */
export class RegisteredHosts implements ProbeReach {
  private readonly ranges: BlockList;
  private readonly lookup: (name: string) => Promise<readonly LookupAddress[]>;
  private readonly now: () => number;
  private hosts: Promise<Enrolled> | null = null;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RegisteredHostsOptions) {
    this.ranges = listOf(options.ranges);
    this.lookup = options.lookup ?? ((name) => dns.lookup(name, { all: true, verbatim: true }));
    this.now = options.now ?? (() => performance.now());
  }

  async addressFor(target: Pick<ProbeTarget, 'address' | 'port'>): Promise<string> {
    const { address: name } = target;
    const literal = isIP(name) !== 0;
    const addresses = literal ? [name] : await this.resolve(target);
    for (const address of addresses) {
      if (holds(this.ranges, address)) continue;
      if (holds(NEVER_UNASKED, address))
        throw notAllowed(target, address, 'no host of a fleet has such an address');
      // Whoever answers for a name must not lead us to ourselves.
      if (!literal && holds(LOOPBACK, address))
        throw notAllowed(target, address, 'a name may not lead there');
      if (!(await this.isEnrolled(name, address))) {
        throw notAllowed(target, address, 'no host that is enrolled has that address');
      }
    }
    const [first] = addresses;
    if (first === undefined) throw noAddress(target, 'the name has no address');
    return first;
  }

  private async isEnrolled(name: string, address: string): Promise<boolean> {
    const fresh = this.now() - this.readAt < HOSTS_KEPT_MS;
    const isIn = ({ names, addresses }: Enrolled) =>
      names.has(name.toLowerCase()) || holds(addresses, address);
    if (fresh && this.hosts !== null && isIn(await this.hosts)) return true;
    this.readAt = this.now();
    this.hosts = this.options.hosts().then(enrolled);
    return this.hosts.then(isIn).catch((error: unknown) => {
      this.hosts = null;
      throw error;
    });
  }

  private async resolve(target: Pick<ProbeTarget, 'address' | 'port'>): Promise<readonly string[]> {
    try {
      return (await this.lookup(target.address)).map(({ address }) => address);
    } catch (error) {
      throw noAddress(target, (error as NodeJS.ErrnoException).code ?? 'the name has no address');
    }
  }
}

interface Enrolled {
  readonly names: ReadonlySet<string>;
  readonly addresses: BlockList;
}

function enrolled(hosts: readonly string[]): Enrolled {
  const addresses = listOf(hosts.filter((host) => isIP(host) !== 0));
  return { names: new Set(hosts.map((host) => host.toLowerCase())), addresses };
}

const LOOPBACK = listOf(['127.0.0.0/8', '::1']);
/** Unspecified, link-local (what clouds tell their machines is there), multicast and broadcast. */
const NEVER_UNASKED = listOf(['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::', 'fe80::/10', 'ff00::/8']);

/** Addresses and CIDR ranges. */
function listOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(unscoped(address), family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** IPv4 in the form of IPv6 too: `::ffff:127.0.0.1` is in 127.0.0.0/8. */
function holds(list: BlockList, address: string): boolean {
  return list.check(unscoped(address), isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function unscoped(address: string): string {
  return address.split('%', 1)[0] ?? '';
}

function notAllowed(
  { address, port }: Pick<ProbeTarget, 'address' | 'port'>,
  at: string,
  why: string,
): PortError {
  const resolved = at === address ? '' : ` (${at})`;
  return new PortError({
    code: 'probe.not-allowed',
    message: `The probe target ${address}:${port}${resolved} is not asked: ${why}.`,
    nextStep:
      'Give the address under which the host is enrolled, or allow the range that the listener is in with WINDLASS_PROBE_RANGES at every worker and API.',
  });
}

function noAddress({ address, port }: Pick<ProbeTarget, 'address' | 'port'>, reason: string): PortError {
  return new PortError(
    {
      code: 'probe.no-answer',
      message: `The probe target ${address}:${port} cannot be found (${reason}).`,
      nextStep:
        'Check the name of the probe target and the DNS of this machine; Windlass asks again by itself.',
    },
    { transient: true },
  );
}
