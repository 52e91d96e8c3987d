/** Whether a secret id is an ARN, full or partial, and not a name. */
export const isArn = (secretId: string): boolean => secretId.startsWith('arn:');

/** A full ARN ends with a hyphen and six random characters. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/** ARN and name of a secret that has been read. */
interface Identity {
  readonly ARN: string;
  readonly Name: string;
}

/**
 * Names that the secret may have: one of a name, one or two of an ARN, whose last part may lack its suffix. Two ids may
 * mean the same secret if they have one in common.
 */
export function possibleNames(secretId: string): readonly string[] {
  if (!isArn(secretId)) return [secretId];
  const tail = secretId.split(':').slice(6).join(':');
  return SUFFIX.test(tail) ? [tail, tail.replace(SUFFIX, '')] : [tail];
}

/**
 * Whether two ids may mean the same secret. Never false for two spellings of one secret; it may be true for
 * two secrets, so it decides about further reads only, never about whose value is whose.
 */
export function mayBeSame(one: string, other: string): boolean {
  if (one === other) return true;
  // Of many secrets nearly all pairs differ at a glance: two names, or an ARN that does not hold the name.
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (!isArn(shorter) && !(isArn(longer) && longer.includes(shorter))) return false;
  const names = possibleNames(other);
  return possibleNames(one).some((name) => names.includes(name));
}

/** The account and the region of an ARN. */
export const homeOf = (arn: string): string => arn.split(':').slice(3, 5).join(':');

/**
 * Whether an id surely means the secret that was read.
 *
 * @param home Account and region in which names are looked up; undefined as long as no read by name has shown it.
 */
export function means(secretId: string, identity: Identity, home: string | undefined): boolean {
  const { ARN, Name } = identity;
  if (!isArn(secretId)) return secretId === Name && homeOf(ARN) === home;
  if (secretId === ARN) return true;
  // What ends like a full ARN may be that of another secret: a read by this very id shows whose it is.
  return !SUFFIX.test(secretId) && ARN.startsWith(`${secretId}-`) && ARN.length === secretId.length + 7;
}
