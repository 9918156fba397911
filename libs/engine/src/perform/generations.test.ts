import { describe, expect, it } from 'vitest';
import { NOW, names, OLD, refusalOf, worldOf } from './generations.fixture.js';
import { buildGenerations } from './generations.js';
import { mint } from './minted-ca.fixture.js';

describe('generations of a CA that is as it should be', () => {
  it('trust both, then the new one alone, each with a marker', async () => {
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem });
    const built = await buildGenerations(context);
    expect(recorded.slice(1).map(names)).toEqual([
      ['CN=old client CA', 'CN=new client CA'],
      ['CN=new client CA'],
    ]);
    expect(built).toMatchObject({ overlap: { number: 2 }, next: { number: 3 } });
    expect(recorded.slice(1).every(({ marker }) => marker !== null)).toBe(true);
  });

  it('go without a marker where the fleet does', async () => {
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem });
    Object.assign(context.ports.fleets, {
      fleet: async () => ({ ...context.fleet, generationMarker: false }),
    });
    await buildGenerations(context);
    expect(recorded.map(({ marker }) => marker)).toEqual([null, null, null]);
  });

  it('may have the name of the old one, where key identifiers tell them apart', async () => {
    const { context, recorded } = worldOf({ pulled: (await mint(NOW, { name: OLD.name })).pem });
    await buildGenerations(context);
    expect(recorded.map((one) => names(one).length)).toEqual([1, 2, 1]);
  });

  it('are without every certificate of the old CA, where it was renewed and both are trusted', async () => {
    const renewed = await mint(NOW, { name: OLD.name, keys: OLD.keys, notAfter: NOW + 1000 });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [renewed.pem, OLD.pem] });
    await buildGenerations(context);
    expect(names(recorded.at(-1))).toEqual(['CN=new client CA']);
  });

  it('are built beside anchors of others, even where one of those has expired', async () => {
    const other = await mint(NOW, { name: 'CN=partner', notAfter: NOW - 1000 });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [other.pem, OLD.pem] });
    await buildGenerations(context);
    expect(names(recorded.at(-1))).toEqual(['CN=partner', 'CN=new client CA']);
  });
});

describe('generations of several fleets that trust one PKI', () => {
  it('are built for each of them', async () => {
    const other = await mint(NOW, { name: 'CN=partner' });
    const { pem } = await mint(NOW);
    const { context, recorded } = worldOf({ pulled: pem, elsewhere: [other.pem, OLD.pem] });
    const built = await buildGenerations(context);
    expect(built.otherFleets).toMatchObject([{ fleetId: 'office', next: { id: 'office 3' } }]);
    expect(names(recorded.find(({ id }) => id === 'office 3'))).toEqual(['CN=partner', 'CN=new client CA']);
  });

  it('F22 are recorded for none of them when one may not get them', async () => {
    const stranger = await mint(NOW, { name: 'CN=somebody else' });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, elsewhere: [stranger.pem] });
    const problem = await refusalOf(buildGenerations(context));
    expect(problem.message).toContain('fleet office');
    expect(recorded).toHaveLength(2);
  });
});

describe('F22 the fleet of today does not fit to the PKI', () => {
  it('F22 the default issuer is not in the bundle', async () => {
    const stranger = await mint(NOW, { name: 'CN=somebody else' });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [stranger.pem] });
    expect(await refusalOf(buildGenerations(context))).toMatchObject({ code: 'ca.not-in-bundle' });
    expect(recorded).toHaveLength(1);
  });

  it('F22 another anchor would lose its root with the old CA', async () => {
    const below = await mint(NOW, { name: 'CN=below the old CA', by: OLD });
    const { context, recorded } = worldOf({ pulled: (await mint(NOW)).pem, today: [OLD.pem, below.pem] });
    const problem = await refusalOf(buildGenerations(context));
    expect(problem.code).toBe('anchor.no-root');
    expect(problem.message).toMatch(
      /^The new-only bundle of fleet edge would refuse clients: .*CN=below the old CA/,
    );
    expect(recorded).toHaveLength(1);
  });
});
