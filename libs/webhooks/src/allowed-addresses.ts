import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** What IANA gives out for the internet; the rest of IPv6 is unassigned or special. https://www.rfc-editor.org/rfc/rfc4291#section-2.4 */
const GLOBAL_IPV6: Range = ipaddr.parseCIDR('2000::/3');

/** Where webhooks may be sent to: the internet, and the ranges that the operator named. */
export class AllowedAddresses {
  private readonly ranges: readonly Range[];

  /** CIDR, such as `10.0.0.0/8` or `fd00::/8`. */
  constructor(ranges: readonly string[]) {
    this.ranges = ranges.map((range) => ipaddr.parseCIDR(range));
  }

  /** Whether any range was named. */
  get any(): boolean {
    return this.ranges.length > 0;
  }

  /** In a range that was named. An IPv4 address inside an IPv6 one counts as what it is. */
  isNamed(address: string): boolean {
    const parsed = ipaddr.process(address);
    return this.ranges.some(
      ([range, bits]) => range.kind() === parsed.kind() && parsed.match(range as typeof parsed, bits),
    );
  }

  /**
   * Null when the address may be dialled; else what it is, such as `loopback`: of an address that is neither public
   * nor named. One that wraps an IPv4 address (mapped, translated, tunnelled) is never public.
   */
  refusal(address: string): string | null {
    if (isIP(address) === 0) return 'no address';
    if (this.isNamed(address)) return null;
    const parsed = ipaddr.parse(address);
    const range = parsed.range();
    if (range !== 'unicast') return range;
    if (parsed.kind() === 'ipv6' && !parsed.match(GLOBAL_IPV6 as never)) return 'unassigned';
    return null;
  }
}
