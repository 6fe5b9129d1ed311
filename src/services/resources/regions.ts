/**
 * Regions and their zones. https://cloud.ibm.com/docs/overview?topic=overview-locations
 * `idPrefix` begins the ids of a region's VPC resources; taken from the ids that the vendor's pages print, and for
 * `ca-mon` free.
 */
export const regions = {
  'us-south': { idPrefix: 'r006' },
  'us-east': { idPrefix: 'r014' },
  'ca-tor': { idPrefix: 'r038' },
  'ca-mon': { idPrefix: 'r058' },
  'br-sao': { idPrefix: 'r042' },
  'eu-gb': { idPrefix: 'r018' },
  'eu-de': { idPrefix: 'r010' },
  'eu-es': { idPrefix: 'r050' },
  'jp-tok': { idPrefix: 'r022' },
  'jp-osa': { idPrefix: 'r034' },
  'au-syd': { idPrefix: 'r026' },
} as const;

export type Region = keyof typeof regions;

export const regionNames = Object.keys(regions) as readonly Region[];

export function isRegion(name: string): name is Region {
  return Object.hasOwn(regions, name);
}

/** The three zones of a region: `us-south-1` to `us-south-3`. */
export function zonesOf(region: Region): readonly string[] {
  return [1, 2, 3].map((number) => `${region}-${number}`);
}

/** The region that a zone lies in; undefined for what is no zone. */
export function regionOfZone(zone: string): Region | undefined {
  return regionNames.find((region) => zonesOf(region).includes(zone));
}
