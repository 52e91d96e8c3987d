/** A caller, as an ARN of STS or IAM or the name of a person says it. */
interface Caller {
  /** Name of the person or session in lower case, or the whole text where it has none of its own. */
  readonly name: string;
  /** Everything that callers cannot choose about themselves. */
  readonly credentials: string;
  /** Account in which the caller is a user; undefined for roles and names. */
  readonly userOf?: string;
  /** Whether whoever has the credentials of a user chooses the name. */
  readonly isFederated?: true;
}

const ARN = /^arn:[\w-]+:(?:sts|iam)::(\d{12}):(assumed-role|federated-user|user|root)(?:\/(.+))?$/;

/**
 * Roles of permission sets. Many people share one, and IAM Identity Center names each session after its user.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const PERMISSION_SET_ROLE = /^AWSReservedSSO_.+_[0-9a-f]{16}$/;

/**
 * Whether two callers may be one person. The name of a session of an ordinary role, or of a federated user, is chosen by
 * whoever asks for the credentials, so it is no proof. The same name in another role, another permission set or
 * another account counts as the same person.
 */
export function mayBeOne(one: string, other: string): boolean {
  const [a, b] = [callerOf(one), callerOf(other)];
  if (a.credentials === b.credentials || a.name === b.name) return true;
  return a.userOf !== undefined && a.userOf === b.userOf && (a.isFederated ?? b.isFederated) === true;
}

/** Whether two callers have the same name, which is all that a reviewed file can compare. */
export const isSameName = (one: string, other: string): boolean =>
  callerOf(one).name === callerOf(other).name;

function callerOf(text: string): Caller {
  const whole = text.trim().toLowerCase();
  const [, account = '', kind, path = ''] = ARN.exec(text.trim()) ?? [];
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  switch (kind) {
    case 'assumed-role': {
      const [role = ''] = path.split('/');
      return { name, credentials: PERMISSION_SET_ROLE.test(role) ? whole : `${account} ${role}` };
    }
    case 'user':
      return { name, credentials: whole, userOf: account };
    case 'federated-user':
      return { name, credentials: whole, userOf: account, isFederated: true };
    case 'root':
      return { name: whole, credentials: whole, userOf: account };
    default:
      return { name: whole, credentials: whole };
  }
}
