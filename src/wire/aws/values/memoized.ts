import type { Shape } from '../model.ts';

/** One function a shape, made when it is first used: a shape may hold itself, so that it cannot be made with its parts. */
export function memoized<T extends object>(create: (shape: Shape) => T): (shape: Shape) => T {
  const made = new WeakMap<Shape, T>();
  return (shape) => {
    const known = made.get(shape);
    if (known) return known;
    const created = create(shape);
    made.set(shape, created);
    return created;
  };
}
