/** Arithmetic of ML-DSA (FIPS 204, section 7): polynomials of 256 coefficients modulo a prime, and their rounding. */

export const PRIME = 8380417;
export const DEGREE = 256;
/** How many low bits of a public key's coefficients are dropped. */
const DROPPED_BITS = 13;

/** Coefficients from 0 to the prime, exclusive. */
export type Polynomial = Int32Array;

export function polynomial(coefficientAt: (index: number) => number): Polynomial {
  const result = new Int32Array(DEGREE);
  for (let i = 0; i < DEGREE; i++) result[i] = residue(coefficientAt(i));
  return result;
}

function residue(value: number): number {
  const rest = value % PRIME;
  return rest < 0 ? rest + PRIME : rest;
}

/** The same number modulo the prime, nearest to zero. */
export function centred(value: number): number {
  return value > PRIME >> 1 ? value - PRIME : value;
}

export function sum(a: Polynomial, b: Polynomial): Polynomial {
  return polynomial((i) => a[i]! + b[i]!);
}

export function difference(a: Polynomial, b: Polynomial): Polynomial {
  return polynomial((i) => a[i]! - b[i]!);
}

/** Of polynomials in the transformed domain. A product has 46 bits: a double holds it exactly. */
export function product(a: Polynomial, b: Polynomial): Polynomial {
  return polynomial((i) => a[i]! * b[i]!);
}

/** The matrix times the vector, all transformed; the result is transformed back. */
export function applyMatrix(
  matrix: readonly (readonly Polynomial[])[],
  vector: readonly Polynomial[],
): readonly Polynomial[] {
  return matrix.map((row) => row.map((entry, i) => product(entry, vector[i]!)).reduce(sum));
}

/** The largest distance from zero of any coefficient. */
export function norm(vector: readonly Polynomial[]): number {
  let largest = 0;
  for (const entry of vector) for (const value of entry) largest = Math.max(largest, Math.abs(centred(value)));
  return largest;
}

/** Powers of the 512th root of unity 1753, in the order in which the transform uses them. */
const ROOTS: readonly number[] = Array.from({ length: DEGREE }, (_, index) => {
  let exponent = 0;
  for (let bit = 0; bit < 8; bit++) exponent |= ((index >> bit) & 1) << (7 - bit);
  let root = 1;
  for (let i = 0; i < exponent; i++) root = (root * 1753) % PRIME;
  return root;
});
const INVERSE_OF_DEGREE = 8347681;

/** The number-theoretic transform, in which polynomials multiply coefficient by coefficient. */
export function transform(source: Polynomial): Polynomial {
  const values = source.slice();
  let root = 0;
  for (let length = DEGREE / 2; length >= 1; length /= 2) {
    for (let start = 0; start < DEGREE; start += 2 * length) {
      const factor = ROOTS[++root]!;
      for (let i = start; i < start + length; i++) {
        const turned = (factor * values[i + length]!) % PRIME;
        values[i + length] = residue(values[i]! - turned);
        values[i] = residue(values[i]! + turned);
      }
    }
  }
  return values;
}

export function transformBack(source: Polynomial): Polynomial {
  const values = source.slice();
  let root = DEGREE;
  for (let length = 1; length < DEGREE; length *= 2) {
    for (let start = 0; start < DEGREE; start += 2 * length) {
      const factor = PRIME - ROOTS[--root]!;
      for (let i = start; i < start + length; i++) {
        const [low, high] = [values[i]!, values[i + length]!];
        values[i] = residue(low + high);
        values[i + length] = (factor * residue(low - high)) % PRIME;
      }
    }
  }
  return polynomial((i) => values[i]! * INVERSE_OF_DEGREE);
}

/** Power2Round: the part of a coefficient that is public (as it counts, not shifted down), and the rest. */
export function publicPart(value: number): number {
  const modulus = 1 << DROPPED_BITS;
  const low = value % modulus;
  return value - (low > modulus / 2 ? low - modulus : low);
}

/** Decompose: high and low part of a coefficient, the low one at most `gamma` from zero. */
export function decompose(value: number, gamma: number): readonly [high: number, low: number] {
  const modulus = 2 * gamma;
  const rest = value % modulus;
  const low = rest > gamma ? rest - modulus : rest;
  return value - low === PRIME - 1 ? [0, low - 1] : [(value - low) / modulus, low];
}
