import type { RotationStore } from '#engine';
import type { Timing } from '#rotation';

/** Times in seconds rather than in minutes, as a rotation is recorded with them. */
export function withTiming(rotations: RotationStore, timing: Timing | undefined): RotationStore {
  if (!timing) return rotations;
  const create: RotationStore['create'] = (rotation, event) =>
    rotations.create(
      rotation,
      event.type === 'rotation.requested' ? { ...event, snapshot: { ...event.snapshot, timing } } : event,
    );
  return new Proxy(rotations, {
    get: (target, name) => {
      if (name === 'create') return create;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
