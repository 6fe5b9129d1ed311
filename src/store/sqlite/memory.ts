import type { Committer } from './committer.ts';
import type { Marker } from './mark.ts';

export type ReadMemory = ReturnType<typeof createReadMemory>;

/** What a unit has read, and up to which commit it had been seen then. */
export function createReadMemory(committer: Committer, mark: Marker) {
  const reads: number[] = [];
  const rowRanges: (number | string | null)[] = [];
  let first = -1;
  let seen = -1;

  function note(): number {
    const now = committer.lastCommit;
    if (first < 0) first = now;
    return now;
  }

  return {
    reads,
    rowRanges,
    remember(key: string): void {
      const now = note();
      if (now !== seen) {
        reads.push(-1 - now);
        seen = now;
      }
      reads.push(mark(key));
    },
    rememberRows(container: string, start: string, end: string | undefined): void {
      rowRanges.push(note(), container, start, end ?? null);
    },
    /** Nothing at all was committed since the first read. */
    stillTrue: (): boolean => first < 0 || (first === committer.lastCommit && committer.quiet()),
  };
}
