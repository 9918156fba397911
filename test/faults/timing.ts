import type { RotationStore } from '#engine';
import type { Timing } from '#rotation';

/** Rotations are recorded with other times than the usual minutes, as they are wanted by then. */
export function withTiming(rotations: RotationStore, change: () => Partial<Timing>): RotationStore {
  const create: RotationStore['create'] = (rotation, event) => {
    const timing = { ...event.snapshot.timing, ...change() };
    return rotations.create(rotation, { ...event, snapshot: { ...event.snapshot, timing } });
  };
  return new Proxy(rotations, {
    get: (target, name) => {
      if (name === 'create') return create;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
