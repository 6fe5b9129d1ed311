/**
 * A cache bounded by bytes that forgets what was not asked for lately. Two generations instead of a linked order: a hit
 * in the young one costs a look-up and nothing else, and a generation is dropped whole.
 */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, bytes: number): void;
  delete(key: string): void;
  /** Bytes accounted for, at most the limit plus one entry. */
  readonly bytes: number;
}

export function createCache<V>(limitBytes: number): Cache<V> {
  type Entry = { readonly value: V; readonly bytes: number };
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  let youngBytes = 0;
  let oldBytes = 0;

  function keep(key: string, entry: Entry): void {
    if (youngBytes + entry.bytes > limitBytes / 2) {
      old = young;
      oldBytes = youngBytes;
      young = new Map();
      youngBytes = 0;
    }
    young.set(key, entry);
    youngBytes += entry.bytes;
  }

  function remove(key: string): void {
    const inYoung = young.get(key);
    if (inYoung) {
      young.delete(key);
      youngBytes -= inYoung.bytes;
    }
    const inOld = old.get(key);
    if (inOld) {
      old.delete(key);
      oldBytes -= inOld.bytes;
    }
  }

  return {
    get(key) {
      const inYoung = young.get(key);
      if (inYoung) return inYoung.value;
      const inOld = old.get(key);
      if (!inOld) return undefined;
      remove(key);
      keep(key, inOld);
      return inOld.value;
    },
    set(key, value, bytes) {
      remove(key);
      if (bytes <= limitBytes / 2) keep(key, { value, bytes });
    },
    delete: remove,
    get bytes() {
      return youngBytes + oldBytes;
    },
  };
}
