/** What is kept as part of a document that was allowed: the ids of such documents, and rows. */
import type { AnyAllowed } from './operation.ts';
import type { Page, Row, RowQuery, Rows, Unit } from './store/store.ts';

export function partId(allowed: AnyAllowed, id: string): string {
  return `${allowed.action.resource.documentId(allowed.ref)}/${id}`;
}

/** The rows of one container. */
export interface RowsOf<V extends object> {
  list(query: RowQuery): Promise<Page<Row<V>, Uint8Array>>;
  put(key: Uint8Array, value: V): void;
  remove(key: Uint8Array): void;
}

/** The rows of an allowed document, or of a part of it. */
export function rowsOf<V extends object>(unit: Unit, allowed: AnyAllowed, of: Rows<V>, part?: string): RowsOf<V> {
  const { account } = allowed.ref;
  const container = part === undefined ? allowed.action.resource.documentId(allowed.ref) : partId(allowed, part);
  return {
    list: (query) => unit.listRows(of, account, container, query),
    put: (key, value) => unit.putRow(of, account, container, key, value),
    remove: (key) => unit.deleteRow(of, account, container, key),
  };
}
