import type { RotationEvent } from '#rotation';
import type { SimMachine } from './sim-machine.js';
import type { World } from './world.js';

/** One way in which the world may treat us. */
export interface FaultKind {
  readonly says: string;
  /** Rows of docs/faults.md that it is about. */
  readonly rows: readonly string[];
  /** Plans it; everything that it breaks heals by itself unless it says otherwise. */
  readonly strike: (world: World) => void;
}

/** An undisturbed rotation takes some 15 s, of which the switches take the first 2 and the last 2. */
const WINDOW_MS = 20_000;
const FIRST_SWITCH_MS = 2_500;

const soon = (world: World) =>
  world.random.between(0, world.random.chance(0.5) ? FIRST_SWITCH_MS : WINDOW_MS);
const anyHost = (world: World) => world.random.pick(world.hosts);
const anyWorker = (world: World) => `worker-${world.random.between(1, world.options.workers)}`;

/** Sets something for a while, at some moment. */
function forAWhile(world: World, least: number, most: number, set: (on: boolean) => void): void {
  const lasts = world.random.between(least, most);
  world.time.after(soon(world), () => {
    set(true);
    world.time.after(lasts, () => set(false));
  });
}

function powerCycle(world: World, host: SimMachine, offMs: number): void {
  world.time.after(soon(world), () => {
    if (!host.up) return;
    host.powerOff();
    world.time.after(offMs, () => {
      if (!world.gone.has(host.id)) host.powerOn();
    });
  });
}

export function isDecision(kind: string, transition?: string): (event: RotationEvent) => boolean {
  return (event) =>
    event.type === 'decision.made' &&
    event.decision.kind === kind &&
    (transition === undefined ||
      ('transition' in event.decision && event.decision.transition === transition));
}

export const FAULTS = {
  'worker-crash': {
    says: 'a worker is killed between any two messages, and comes back',
    rows: ['F01', 'F04', 'F05', 'F38', 'F43'],
    strike: (world) => world.crashAt(world.random.between(1, 900), world.random.between(500, 40_000)),
  },
  'worker-freeze': {
    says: 'a worker is stopped past its lease, and wakes up as if nothing had been',
    rows: ['F06'],
    strike: (world) => {
      const name = anyWorker(world);
      const lasts = world.random.between(5_000, 60_000);
      world.time.after(soon(world), () => {
        for (const process of world.workers) if (process.name === name) process.freeze(lasts);
      });
    },
  },
  'script-kill': {
    says: 'the scripts on a host are killed at any point, the host lives on',
    rows: ['F02', 'F03'],
    strike: (world) => {
      const host = anyHost(world);
      world.afterStep(host, world.random.between(1, 6), () => host.scripts.killAll());
    },
  },
  'power-off': {
    says: 'a host loses its power for a while',
    rows: ['F11', 'F18', 'F40'],
    strike: (world) => powerCycle(world, anyHost(world), world.random.between(1_000, 240_000)),
  },
  'host-cut': {
    says: 'packets between one worker, or all of them, and a host are dropped without a word',
    rows: ['F31', 'F36', 'F41'],
    strike: (world) => {
      const path = world.network.path(world.random.chance(0.5) ? '*' : anyWorker(world), anyHost(world).id);
      forAWhile(world, 2_000, 200_000, (on) => {
        path.cut = on;
      });
    },
  },
  'host-deaf': {
    says: 'a host hears everything, and nothing of what it answers arrives',
    rows: ['F19', 'F36'],
    strike: (world) => {
      const path = world.network.path('*', anyHost(world).id);
      forAWhile(world, 2_000, 120_000, (on) => {
        path.deaf = on;
      });
    },
  },
  'host-slow': {
    says: 'messages to a host are late by seconds, and overtake each other',
    rows: ['F37', 'F42'],
    strike: (world) => {
      const path = world.network.path('*', anyHost(world).id);
      forAWhile(world, 10_000, 120_000, (on) => {
        path.latency = on ? [1, 30_000] : [1, 10];
      });
    },
  },
  'vote-no': {
    says: '`nginx -t` fails on one host',
    rows: ['F13'],
    strike: (world) => {
      const host = anyHost(world);
      forAWhile(world, 5_000, 60_000, (on) => {
        host.troubles.refusesBundles = on;
      });
    },
  },
  'reload-stuck': {
    says: 'a reload returns 0 and the old configuration stays',
    rows: ['F14'],
    strike: (world) => {
      const host = anyHost(world);
      forAWhile(world, 5_000, 60_000, (on) => {
        host.troubles.reloadStuck = on;
      });
    },
  },
  reimaged: {
    says: 'a host comes back from a backup behind the decision',
    rows: ['F12'],
    strike: (world) => {
      const host = anyHost(world);
      world.once(isDecision('keep', 'expand'), () => {
        world.time.after(world.random.between(0, 400), () => {
          world.observer.tamper(host);
          host.reimage(world.bundleAtFirst.content);
        });
      });
    },
  },
  edited: {
    says: 'somebody edits the bundle of a host, and puts it back later',
    rows: ['F24'],
    strike: (world) => {
      const host = anyHost(world);
      world.time.after(soon(world), () => {
        const before = host.file;
        world.observer.tamper(host);
        host.file = `# edited\n${before}`;
        world.time.after(world.random.between(1_000, 100_000), () => {
          if (host.file.startsWith('# edited')) host.file = before;
        });
      });
    },
  },
  'database-cut': {
    says: 'a worker cannot reach the database, but the hosts it can',
    rows: ['F41'],
    strike: (world) => {
      const path = world.network.path(anyWorker(world), 'database');
      forAWhile(world, 2_000, 60_000, (on) => {
        path.cut = on;
      });
    },
  },
  'database-down': {
    says: 'the database answers nobody for a while',
    rows: ['F09'],
    strike: (world) => {
      const path = world.network.path('*', 'database');
      forAWhile(world, 1_000, 150_000, (on) => {
        path.cut = on;
      });
    },
  },
  'commit-lost': {
    says: 'the database writes, and its answer is lost',
    rows: ['F09'],
    strike: (world) => {
      const path = world.network.path('*', 'database');
      forAWhile(world, 1_000, 20_000, (on) => {
        path.deaf = on;
      });
    },
  },
  'queue-lossy': {
    says: 'the queue loses every third wake-up and doubles every third',
    rows: ['F07', 'F08'],
    strike: (world) => {
      world.queue.lost = 0.33;
      world.queue.doubled = 0.33;
    },
  },
  'queue-flush': {
    says: 'all that waits in the queue is gone',
    rows: ['F07'],
    strike: (world) => void world.time.after(soon(world), () => world.queue.flush()),
  },
  'ca-sealed': {
    says: 'the CA is sealed for a while',
    rows: ['F21'],
    strike: (world) =>
      forAWhile(world, 2_000, 60_000, (on) => {
        world.ca.sealed = on;
      }),
  },
  'ca-deaf': {
    says: 'the CA does what it is asked, and its answers are lost',
    rows: ['F44'],
    strike: (world) => {
      const path = world.network.path('*', 'ca');
      forAWhile(world, 2_000, 40_000, (on) => {
        path.deaf = on;
      });
    },
  },
  'probe-flaky': {
    says: 'probes of a host get no answer while the host is fine',
    rows: ['F29'],
    strike: (world) => {
      const path = world.network.path('*', `${anyHost(world).id} https`);
      forAWhile(world, 2_000, 60_000, (on) => {
        path.loss = on ? 0.7 : 0;
      });
    },
  },
  abort: {
    says: 'a person asks for the way back at any moment',
    rows: ['F26'],
    strike: (world) => {
      world.time.after(soon(world), () =>
        world.wish((commands, wish) => commands.abort({ ...wish, because: 'why not' })),
      );
    },
  },
  pause: {
    says: 'a person pauses, and resumes later',
    rows: [],
    strike: (world) => {
      const at = soon(world);
      world.time.after(at, () =>
        world.wish((commands, wish) => commands.pause({ ...wish, because: 'lunch' })),
      );
      world.time.after(at + 90_000, () => world.wish((commands, wish) => commands.resume(wish)));
    },
  },
  'burnt-down': {
    says: 'a host dies for good, and a person gives it up once the rotation is blocked by it',
    rows: ['F11', 'F53'],
    strike: (world) => {
      const host = anyHost(world);
      // A fleet without a living host waits for ever, and rightly so.
      if (world.gone.size + 2 > world.hosts.length) return;
      world.gone.add(host.id);
      world.time.after(soon(world), () => host.powerOff());
    },
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
