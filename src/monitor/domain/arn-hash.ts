/** Halves of FNV-1a's 64-bit offset basis. http://www.isthe.com/chongo/tech/comp/fnv/ */
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
/** FNV's 64-bit prime is this and 2 to the power of 40. */
const PRIME_LOW = 0x1b3;

/** The two halves of a 64-bit hash. */
export interface HashHalves {
  readonly high: number;
  readonly low: number;
}

/** A short name for an ARN in lists that must stay small: FNV-1a, 64 bits, in base 36. Not for security. */
export const arnHash = (arn: string): string => hashText(arnHashHalves(arn));

/** The halves of a hash in base 36. */
export const hashText = ({ high, low }: HashHalves): string =>
  ((BigInt(high) << 32n) | BigInt(low)).toString(36);

/** The hash of an ARN in halves of 32 bits, for arithmetic. */
export function arnHashHalves(arn: string): HashHalves {
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  for (let index = 0; index < arn.length; index++) {
    low ^= arn.charCodeAt(index);
    // In parts of 16 bits all numbers stay whole ones of 32, which are multiplied several times as fast.
    const right = (low & 0xffff) * PRIME_LOW;
    const left = (low >>> 16) * PRIME_LOW + (right >>> 16);
    high = (Math.imul(high, PRIME_LOW) + (left >>> 16) + (low << 8)) | 0;
    low = (left << 16) | (right & 0xffff);
  }
  return { high: high >>> 0, low: low >>> 0 };
}

/** A word of 32 bits, each of which depends on all bits of the given one: the last steps of MurmurHash3. */
export function mixed(word: number, seed: number): number {
  let hash = (word ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
