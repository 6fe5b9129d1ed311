/** The YAML library, loaded when a world file is first read or written: it takes more memory than all services. */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

export const yaml = (): typeof import('yaml') => load('yaml') as typeof import('yaml');
