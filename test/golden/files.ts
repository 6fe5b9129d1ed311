/** The golden files, and what a plane says that they should hold. */
import { fileURLToPath } from 'node:url';
import { printAccess } from './access.ts';
import { type AwsRow, computeAwsMatrix } from './aws/matrix.ts';
import { awsGolden } from './aws/world.ts';
import { printCoverage } from './coverage.ts';
import { computeMatrix, type MatrixRow } from './matrix.ts';
import { type Asked, printOperations, readAsked } from './operations.ts';
import { runTheRest } from './rest.ts';
import { startGoldenWorld } from './world.ts';

const root = new URL('../../', import.meta.url);

export interface Golden {
  /** Absolute path -> text. */
  readonly files: ReadonlyMap<string, string>;
  readonly matrix: readonly MatrixRow[];
  readonly awsMatrix: readonly AwsRow[];
  readonly asked: Asked;
  /** What the plane logged meanwhile: defects. */
  readonly log: string;
}

/** Starts a plane and asks it everything. */
export async function computeGolden(): Promise<Golden> {
  const world = await startGoldenWorld();
  try {
    const matrix = await computeMatrix(world);
    const awsMatrix = await computeAwsMatrix(await awsGolden(world.plane.aws));
    await runTheRest(world);
    const asked = await readAsked(world);
    const files = {
      'docs/access.md': printAccess(matrix, awsMatrix),
      'docs/coverage.md': printCoverage(asked),
      'test/golden/operations.txt': printOperations(asked),
    };
    const byPath = Object.entries(files).map(([path, text]) => [fileURLToPath(new URL(path, root)), text] as const);
    return { files: new Map(byPath), matrix, awsMatrix, asked, log: world.plane.log() };
  } finally {
    await world.plane.stop();
  }
}
