/** Who may make which call: asked of a running plane, with one request per route and kind of caller. */
import { type GoldenRoute, guarded } from './routes.ts';
import { sampleOf } from './samples.ts';
import { CALLERS, type Caller, type GoldenWorld, type Sample } from './world.ts';

/** `yes`; `empty` for a list that leaves out what it is about; else the status of the refusal. */
export type Cell = string;

export interface MatrixRow {
  readonly route: GoldenRoute;
  readonly cells: Readonly<Record<Caller, Cell>>;
}

export async function computeMatrix(world: GoldenWorld): Promise<MatrixRow[]> {
  const rows: MatrixRow[] = [];
  for (const route of guarded) rows.push({ route, cells: await cellsOf(world, route) });
  return rows;
}

async function cellsOf(world: GoldenWorld, route: GoldenRoute): Promise<MatrixRow['cells']> {
  const cells: Partial<Record<Caller, Cell>> = {};
  let sample: Sample | undefined;
  for (const caller of CALLERS) {
    sample ??= await sampleOf(world, route);
    const cell = cellOf(sample, await world.send(route, sample, caller));
    cells[caller] = cell;
    // What a caller was allowed to change is not there any more as the next one wants it.
    if (cell === 'yes' && route.method !== 'GET' && route.method !== 'HEAD') sample = undefined;
  }
  return cells as MatrixRow['cells'];
}

function cellOf({ shows }: Sample, { status, headers, body }: Awaited<ReturnType<GoldenWorld['send']>>): Cell {
  if (status >= 300) return String(status);
  const hidden = shows === undefined ? headers.get('key-total') === '0' : !JSON.stringify(body).includes(shows);
  return hidden ? 'empty' : 'yes';
}
