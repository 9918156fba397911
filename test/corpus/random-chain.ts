import { X509Mint } from '#certificates';
import { Random } from '#simulation';
import { type KnownMaterial, parseBundle } from '#trust';
import { loadableTexts, unloadableTexts } from '../conformance/bundle-texts.js';
import type { ClientChain } from '../conformance/client-chains.js';
import { type RevocationOptions, revocationList } from '../kit/crl.js';
import { makeCa, type TestCa, type TestCertificate, type TestCertificateOptions } from '../kit/pki.js';
import { caFlaws, clientFlaws, type Flaw } from './flaws.js';

/** One situation, and in a few words what is odd about it. */
export interface DrawnChain {
  readonly name: string;
  readonly chain: ClientChain;
  /** Every certificate of its CAs, and a current CRL of each; none where nobody can say. */
  readonly known?: KnownMaterial;
  /** The same situation after every certificate was issued again as it should be. */
  readonly reissued?: () => Promise<DrawnChain>;
}

const DAY = 86_400_000;

/** Everybody that a case may meet: the chain from the root downwards, its client, and relatives of it. */
interface Family {
  readonly path: readonly [TestCa, ...TestCa[]];
  readonly client: TestCertificate;
  /** A root that has nothing to do with the client. */
  readonly stranger: TestCa;
  /** Another root by the name of the client's. */
  readonly twin: TestCa;
  /** The lowest CA of the path, signed by the stranger. */
  readonly cross: TestCa;
}

/** Draws one situation. The same seed gives the same situation, with other keys; `flawless`: with good certificates. */
export class ChainDraw {
  private readonly oddities: string[] = [];
  private readonly random: Random;

  constructor(
    private readonly seed: number,
    private readonly now: number,
    private readonly flawless = false,
  ) {
    this.random = new Random(seed);
  }

  async draw(): Promise<DrawnChain> {
    const family = await this.family();
    const bundlePem = this.written(await this.bundle(family));
    const trusted = this.random.chance(0.15) ? this.some([...family.path, family.stranger], 0.5) : [];
    const crlPem = this.revocable && this.random.chance(0.35) ? await this.revocations(family) : '';
    const depth = this.random.pick([null, null, 0, 1, 2, 3, 4]);
    if (depth !== null) this.note(`depth ${depth}`);
    if (trusted.length > 0) this.note('a trusted file');
    const chain = {
      ...{ bundlePem, client: family.client, sentPem: pems(this.sent(family)) },
      ...(trusted.length > 0 ? { trustedPem: pems(trusted) } : {}),
      ...(crlPem === '' ? {} : { crlPem }),
      ...(depth === null ? {} : { depth }),
    };
    return {
      name: `#${this.seed}: ${this.oddities.join(', ')}`,
      chain,
      known: await this.known(family),
      ...(this.flawless ? {} : { reissued: () => new ChainDraw(this.seed, this.now, true).draw() }),
    };
  }

  /** Current CRLs revoke what older ones did. */
  private async known({ path, client }: Family): Promise<KnownMaterial> {
    const lists = (this.revocable ? path : []).map((ca, level) => {
      const revoked = this.revokedAt.has(level) ? [path[level + 1] ?? client] : [];
      return revocationList(ca, { revoked });
    });
    return { certificates: parseBundle(pems(path)).certificates, crls: await Promise.all(lists) };
  }

  /** Levels whose CRL revokes what is below. */
  private readonly revokedAt = new Set<number>();

  private note(oddity: string): void {
    this.oddities.push(oddity);
  }

  /** CRLs are signed by P-256 keys here. */
  private revocable = true;

  private async family(): Promise<Family> {
    const levels = this.random.pick([0, 1, 1, 1, 2, 2, 3]);
    this.note(`${levels} intermediates`);
    const commonIdentifiers = this.random.chance(0.1) ? { keyIdentifiers: false } : {};
    const root = await makeCa(this.odd('root', { commonName: 'root', ...commonIdentifiers }));
    const path: [TestCa, ...TestCa[]] = [root];
    for (let level = 1; level <= levels; level += 1) {
      const name = `CA ${level}`;
      const above = path.at(-1) ?? root;
      path.push(await above.issueIntermediate(this.odd(name, { commonName: name, ...commonIdentifiers })));
    }
    const lowest = path.at(-1) ?? root;
    const stranger = await makeCa({ commonName: 'stranger' });
    return {
      path,
      client: await lowest.issueClient(
        this.odd('client', { commonName: 'client.example.test', ...commonIdentifiers }, clientFlaws),
      ),
      stranger,
      twin: await makeCa({ commonName: 'root', ...commonIdentifiers }),
      cross: await stranger.crossSign(lowest, commonIdentifiers),
    };
  }

  private odd(
    who: string,
    options: TestCertificateOptions,
    flaws: (now: number) => readonly Flaw[] = caFlaws,
  ): TestCertificateOptions {
    if (!this.random.chance(0.18)) return options;
    const [name, change] = this.random.pick(flaws(this.now));
    if (this.flawless) return options;
    this.note(`${who} ${name}`);
    if (who !== 'client' && change.key !== undefined) this.revocable = false;
    return { ...options, ...change };
  }

  private async bundle(family: Family): Promise<readonly string[]> {
    const { path, client, stranger, twin } = family;
    const [root, ...intermediates] = path;
    const chosen = [
      ...this.maybe(0.85, 'root in the bundle', root),
      ...this.some(intermediates, 0.3),
      ...this.maybe(0.4, 'a stranger', stranger),
      ...this.maybe(0.15, 'a twin', twin),
      ...this.maybe(0.03, 'the client itself', client),
    ].map(({ certificatePem }) => certificatePem);
    if (this.random.chance(0.2))
      chosen.push(await new X509Mint().marker('windlass a generation 1 0123456789ab'));
    if (chosen.length === 0) chosen.push(stranger.certificatePem);
    return this.random.chance(0.5) ? this.shuffled(chosen) : chosen;
  }

  /** The bundle as people and tools write it. */
  private written([first = '', second = first, ...rest]: readonly string[]): string {
    if (!this.random.chance(0.2)) return [first, second, ...rest].join('');
    const texts = this.random.chance(0.2) ? unloadableTexts(first, second) : loadableTexts(first, second);
    const { name, text } = this.random.pick(texts);
    this.note(`text: ${name}`);
    return text + rest.join('');
  }

  private sent({ path, stranger, cross }: Family): readonly TestCertificate[] {
    const [root, ...intermediates] = path;
    const upwards = intermediates.toReversed().filter(() => this.random.chance(0.88));
    const sent = [
      ...upwards,
      ...this.maybe(0.1, 'root sent', root),
      ...this.maybe(0.12, 'a cross certificate sent', cross),
      ...this.maybe(0.08, 'a stranger sent', stranger),
    ];
    return this.random.chance(0.25) ? this.shuffled(sent) : sent;
  }

  private async revocations({ path, client, stranger }: Family): Promise<string> {
    const lists: string[] = [];
    for (const [level, ca] of path.entries()) {
      if (this.random.chance(0.1)) this.note(`no CRL of level ${level}`);
      else lists.push(await revocationList(ca, this.revocation(level, path[level + 1] ?? client)));
    }
    if (this.random.chance(0.3) || lists.length === 0) lists.push(await revocationList(stranger));
    this.note(`${lists.length} CRLs`);
    return this.shuffled(lists).join('');
  }

  private revocation(level: number, below: TestCertificate): RevocationOptions {
    const [name, options] = this.random.pick<readonly [string, RevocationOptions]>([
      ...Array.from({ length: 6 }, () => ['', {}] as const),
      ['stale', { thisUpdate: this.now - 20 * DAY, nextUpdate: this.now - DAY }],
      ['of tomorrow', { thisUpdate: this.now + DAY, nextUpdate: this.now + 2 * DAY }],
      ['that revokes', { revoked: [below] }],
    ]);
    if (options.revoked) {
      if (this.flawless) return {};
      this.revokedAt.add(level);
    }
    if (name !== '') this.note(`CRL of level ${level} ${name}`);
    return options;
  }

  private maybe<T>(probability: number, oddity: string, one: T): readonly T[] {
    if (!this.random.chance(probability)) return [];
    this.note(oddity);
    return [one];
  }

  private some<T>(all: readonly T[], probability: number): readonly T[] {
    return all.filter(() => this.random.chance(probability));
  }

  private shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((one) => ({ one, at: this.random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  }
}

function pems(certificates: readonly TestCertificate[]): string {
  return certificates.map(({ certificatePem }) => certificatePem).join('');
}
