/** Writes the golden files anew: `node test/golden/write.ts`. Read what has changed before you commit it. */
import { writeFile } from 'node:fs/promises';
import { computeGolden } from './files.ts';

const { files, log } = await computeGolden();
if (log !== '') throw new Error(`the plane logged defects: ${log}`);
for (const [path, text] of files) await writeFile(path, text);
