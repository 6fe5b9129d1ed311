/** Counters in the text format of Prometheus. https://prometheus.io/docs/instrumenting/exposition_formats/ */

/** What is counted: names in camel case or with dots (`refused.denied`), values that only grow. */
export interface Counted {
  readonly store: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
  readonly lastCommit: number;
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Nothing in it says which account or resource a number is about. */
export function metricsText({ store, calls, lastCommit }: Counted): string {
  const lines: string[] = [];
  const add = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    values: readonly (readonly [string, number])[],
  ) => {
    if (values.length === 0) return;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`);
  };
  const refused = Object.entries(calls).flatMap(([name, value]) =>
    name.startsWith('refused.') ? [[`{kind="${name.slice('refused.'.length)}"}`, value] as const] : [],
  );
  add('easement_refused_calls_total', 'counter', 'Calls that ended with a fault, by its kind.', refused);
  for (const [name, value] of Object.entries(store)) {
    add(`easement_store_${snakeCase(name)}_total`, 'counter', `Store: ${words(name)}.`, [['', value]]);
  }
  add('easement_store_last_commit', 'gauge', 'Number of the newest commit.', [['', lastCommit]]);
  add('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', process.memoryUsage.rss()]]);
  add('process_uptime_seconds', 'gauge', 'Seconds since the process started.', [['', Math.round(process.uptime())]]);
  return `${lines.join('\n')}\n`;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const words = (name: string): string => snakeCase(name).replaceAll('_', ' ');
