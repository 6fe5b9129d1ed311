/** The rows of a unit: what it reads and what it will write. */
import type { RowQuery, Rows, Unit } from '../store.ts';
import { containerKey, plainName, rowKey } from './keys.ts';
import type { ReadMemory } from './memory.ts';
import { type BufferedRows, rangeOf, rowsWithBuffer, seenOf, toBytes, toText } from './rowbuffer.ts';
import { encodeJson, pageOf } from './shapes.ts';
import type { UnitParts } from './unit.ts';

export function createUnitRows({ catalogue, reads }: UnitParts, memory: ReadMemory) {
  type Container = { of: Rows; kind: number; account: string; container: string; rows: BufferedRows };
  const containers = new Map<string, Container>();

  function write(of: Rows, account: string, container: string, key: Uint8Array, value: object | undefined): void {
    const kind = catalogue.rows(of);
    const where = containerKey(kind, plainName(account), plainName(container));
    let target = containers.get(where);
    if (!target) {
      target = { of, kind, account, container, rows: new Map() };
      containers.set(where, target);
    }
    target.rows.set(toText(key), value ? encodeJson(value, `${of.name}/${container}`) : null);
  }

  const methods: Pick<Unit, 'getRow' | 'listRows' | 'putRow' | 'deleteRow'> = {
    async getRow<V extends object>(from: Rows<V>, account: string, container: string, key: Uint8Array) {
      const kind = catalogue.rows(from);
      const where = containerKey(kind, account, container);
      const text = toText(key);
      let json = containers.get(where)?.rows.get(text);
      if (json === undefined) {
        memory.remember(rowKey(where, text));
        json = reads.row(kind, account, container, key);
      }
      return json === undefined || json === null ? undefined : (JSON.parse(json) as V);
    },
    async listRows<V extends object>(from: Rows<V>, account: string, container: string, query: RowQuery) {
      const kind = catalogue.rows(from);
      const where = containerKey(kind, account, container);
      const range = rangeOf(query);
      const reverse = query.reverse ?? false;
      const rows = rowsWithBuffer(containers.get(where)?.rows, range, query.limit + 1, reverse, (limit) => {
        const end = range.end === undefined ? undefined : toBytes(range.end);
        const kept = reads.rows({ kind, account, container, first: toBytes(range.first), end, limit, reverse });
        const texts = kept.map(({ key, json }) => ({ key: toText(key), json }));
        const seen = seenOf(range, texts, texts.length === limit, reverse);
        memory.rememberRows(where, seen.first, seen.end);
        return texts;
      });
      const items = rows.map(({ key, json }) => ({ key: toBytes(key) as Uint8Array, value: JSON.parse(json) as V }));
      return pageOf(items, query.limit, ({ key }) => key);
    },
    putRow: write,
    deleteRow: (from, account, container, key) => write(from, account, container, key, undefined),
  };

  return {
    methods,
    written: () =>
      [...containers.values()].map(({ of, account, container }) => ({
        collection: of.partOf,
        account,
        id: container,
      })),
    encoded: () =>
      [...containers.values()].flatMap(({ kind, account, container, rows }) =>
        [...rows].map(([key, json]) => [kind, account, container, key, json] as const),
      ),
  };
}
