/**
 * Stands for a name of `keys.ts` in a number. What a unit has read goes to the writing thread with every commit, and
 * numbers cross in a fraction of the time that texts take. Two names of one mark make a commit run again for nothing,
 * which is rare (53 bits) and does no harm; the seed keeps others from choosing such names.
 */
export type Marker = (name: string) => number;

const MIX_LOW = 0x85ebca6b;
const MIX_HIGH = 0xc2b2ae35;
const HIGH_BITS = 0x1fffff;
const LOW_SIZE = 2 ** 32;

/** `seed`: 32 bits. Marks are whole numbers from 0 to 2^53 - 1. */
export function createMarker(seed: number): Marker {
  return (name) => {
    let low = seed ^ name.length;
    let high = ~seed;
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      low = Math.imul(low ^ code, MIX_LOW);
      high = Math.imul(high ^ code ^ (low >>> 15), MIX_HIGH);
      low ^= low >>> 13;
    }
    high ^= Math.imul(low ^ (low >>> 16), MIX_LOW);
    low ^= Math.imul(high ^ (high >>> 13), MIX_HIGH);
    return (high & HIGH_BITS) * LOW_SIZE + (low >>> 0);
  };
}
