/** Turns parts of a running plane off, to see what each costs. In no plane that anybody uses can they be. */
import type { Plane } from '../src/operation.ts';
import type { Layer } from '../src/policy/model.ts';
import type { Store } from '../src/store/store.ts';

/** `enforcement`: every question is allowed unseen. `recording`: no call leaves a record. Answers whether it knows the part. */
export function without(plane: Plane, part: string): boolean {
  if (part === 'enforcement') {
    Object.assign(plane, { sources: [async () => EVERYTHING] });
    return true;
  }
  if (part !== 'recording') return false;
  const { store } = plane;
  const begin = store.begin.bind(store);
  const silent: Pick<Store, 'recordSoon' | 'begin'> = {
    recordSoon: () => undefined,
    begin: () => Object.assign(begin(), { record: () => undefined }),
  };
  Object.assign(store, silent);
  return true;
}

const kinds = ['identity', 'resource', 'access'] as const;

const EVERYTHING: readonly Layer[] = kinds.map((kind) => ({
  kind,
  account: '',
  may: 'both',
  statements: [
    {
      effect: 'allow',
      principals: { kind: 'anyone' },
      actions: { kind: 'wildcard', patterns: ['*'] },
      resources: { kind: 'any' },
      conditions: [],
      origin: { account: '', policy: 'bench', statement: '0', text: '' },
    },
  ],
}));
