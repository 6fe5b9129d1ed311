export { openSqliteStore as openStore, rekeySqliteStore as rekey, type StoreOptions } from './sqlite/open.ts';
export * from './store.ts';
