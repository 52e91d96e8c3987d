const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** A short name for an ARN in lists that must stay small: FNV-1a, 64 bits, in base 36. Not for security. */
export function arnHash(arn: string): string {
  let hash = OFFSET;
  for (let index = 0; index < arn.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(arn.charCodeAt(index))) * PRIME);
  }
  return hash.toString(36);
}
