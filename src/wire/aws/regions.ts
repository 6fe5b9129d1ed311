/** Questions about the names of Regions. The plane is of partition `aws`. */
import { DEFAULT_REGIONS, OPT_IN_REGIONS, PARTITION_PATTERNS } from './regions.data.ts';

const OPT_IN = new Set(OPT_IN_REGIONS);
const ALL = new Set([...DEFAULT_REGIONS, ...OPT_IN_REGIONS]);

/** Whether this is a Region of partition `aws`. */
export function isRegion(name: string): boolean {
  return ALL.has(name);
}

/** Whether an account must enable this Region before it can be used. */
export function isOptInRegion(name: string): boolean {
  return OPT_IN.has(name);
}

/** `aws`, `aws-cn`, `aws-us-gov`, ...; undefined when it looks like no Region at all. */
export function partitionOf(region: string): string | undefined {
  return PARTITION_PATTERNS.find(([, pattern]) => pattern.test(region))?.[0];
}
