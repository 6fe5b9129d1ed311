/** A group waits at most this long for as many commits as were lately under way together. */
const GATHER_MILLISECONDS = 3;
const GATHER_AT_MOST = 64;

export interface Gathering {
  /** So many requests wait now. */
  arrived(waiting: number): void;
  /** So many were under way together when the last group came back. */
  learn(together: number): void;
  stop(): void;
}

/**
 * When to send a group. Alone, a commit goes at once (at the end of this turn of the event loop). Where several were
 * lately under way together, a group waits for as many, but not long: it may be that fewer are coming now.
 */
export function createGathering(send: () => void): Gathering {
  let expected = 1;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  function stop(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
  }

  function go(): void {
    stop();
    send();
  }

  return {
    stop,
    learn(together: number): void {
      expected = Math.min(together, GATHER_AT_MOST);
    },
    arrived(waiting: number): void {
      if (immediate) return;
      if (waiting >= expected) immediate = setImmediate(go);
      else timer ??= setTimeout(go, GATHER_MILLISECONDS);
    },
  };
}
