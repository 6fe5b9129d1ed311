/**
 * The writer's memory of what recent commits touched, so that checking a read set costs no query. Bounded: two
 * generations, and whoever read before the oldest commit that is remembered is told that it moved.
 */
export interface Touched {
  /** `mark`: see `mark.ts`. */
  touch(mark: number, commit: number): void;
  touchRow(container: string, key: string, commit: number): void;
  /** Whether a commit after `seen` touched it, or may have. */
  moved(mark: number, seen: number): boolean;
  /** The same for row keys from `first` until before `end` (null: no end). */
  rangeMoved(container: string, first: string, end: string | null, seen: number): boolean;
}

interface Generation {
  readonly marks: Map<number, number>;
  readonly rows: Map<string, { readonly key: string; readonly commit: number }[]>;
  size: number;
  last: number;
}

const newGeneration = (): Generation => ({ marks: new Map(), rows: new Map(), size: 0, last: 0 });

export function createTouched(capacity = 50_000): Touched {
  let young = newGeneration();
  let old = newGeneration();
  let floor = 0;

  function count(commit: number): void {
    young.last = commit;
    young.size++;
    if (young.size < capacity) return;
    floor = Math.max(floor, old.last);
    old = young;
    young = newGeneration();
  }

  function movedIn(
    generation: Generation,
    container: string,
    first: string,
    end: string | null,
    seen: number,
  ): boolean {
    const rows = generation.rows.get(container) ?? [];
    for (let i = rows.length - 1; i >= 0; i--) {
      const { key, commit } = rows[i]!;
      if (commit <= seen) return false;
      if (key >= first && (end === null || key < end)) return true;
    }
    return false;
  }

  return {
    touch(mark, commit) {
      young.marks.set(mark, commit);
      count(commit);
    },
    touchRow(container, key, commit) {
      const rows = young.rows.get(container);
      if (rows) rows.push({ key, commit });
      else young.rows.set(container, [{ key, commit }]);
      count(commit);
    },
    moved(mark, seen) {
      const commit = young.marks.get(mark) ?? old.marks.get(mark);
      return commit === undefined ? seen < floor : commit > seen;
    },
    rangeMoved(container, first, end, seen) {
      return seen < floor || movedIn(young, container, first, end, seen) || movedIn(old, container, first, end, seen);
    },
  };
}
