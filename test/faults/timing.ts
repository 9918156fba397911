import type { RotationStore } from '#engine';
import type { RotationSnapshot, Timing } from '#rotation';

/** Rotations are recorded with other times than the usual minutes, as they are wanted by then. */
export function withTiming(rotations: RotationStore, change: () => Partial<Timing>): RotationStore {
  return withSnapshot(rotations, ({ timing }) => ({ timing: { ...timing, ...change() } }));
}

/** Rotations are recorded as they were asked for, but for this. */
export function withSnapshot(
  rotations: RotationStore,
  change: (snapshot: RotationSnapshot) => Partial<RotationSnapshot>,
): RotationStore {
  const create: RotationStore['create'] = (rotation, event) =>
    rotations.create(rotation, { ...event, snapshot: { ...event.snapshot, ...change(event.snapshot) } });
  return new Proxy(rotations, {
    get: (target, name) => {
      if (name === 'create') return create;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
