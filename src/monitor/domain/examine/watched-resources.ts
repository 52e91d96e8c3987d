import { type Secret, splitSecretArn } from '../secret/secret.ts';

/** A resource that a rotation depends on, by a name under which calls about it are recorded. */
export interface WatchedResource {
  readonly name: string;
  /** In words that follow a verb. */
  readonly label: string;
  /** The service it belongs to, as CloudTrail names it. */
  readonly source: string;
  /** Whether its calls are recorded in the home region of global services. */
  readonly isGlobal: boolean;
}

/** Known facts about a rotation function, besides its ARN. */
interface KnownFunction {
  /** Name of its execution role. */
  readonly roleName: string | undefined;
}

/**
 * Returns the resources that a rotation depends on, the most likely cause first: its function under both names, the
 * function's role, the secret under both names, and its key. CloudTrail keeps the name that the caller used, so both
 * have to be looked up.
 */
export function watchedResources(secret: Secret, { roleName }: KnownFunction): readonly WatchedResource[] {
  const functionArn = secret.rotationFunctionArn;
  const key = keyArn(secret);
  const lambda = { label: 'the rotation function', source: 'lambda.amazonaws.com', isGlobal: false };
  const own = { label: `the secret ${secret.name}`, source: 'secretsmanager.amazonaws.com', isGlobal: false };
  const role = { label: `the role ${roleName} of the rotation function`, source: 'iam.amazonaws.com' };
  const kms = { label: KEY, source: 'kms.amazonaws.com', isGlobal: false };
  return [
    ...(functionArn === undefined
      ? []
      : [functionName(functionArn), withoutQualifier(functionArn)].map((name) => ({ name, ...lambda }))),
    ...(roleName === undefined ? [] : [{ name: roleName, ...role, isGlobal: true }]),
    ...[secret.arn, secret.name].map((name) => ({ name, ...own })),
    ...(key === undefined ? [] : [{ name: key, ...kms }]),
  ];
}

/** Returns the resources that a rotation depends on and whose names are not known, in words. */
export function unknownResources(
  { rotationFunctionArn, kmsKeyId }: Secret,
  { roleName, isFunctionGone }: KnownFunction & { readonly isFunctionGone: boolean },
): readonly string[] {
  const hasRole = rotationFunctionArn !== undefined && !isFunctionGone;
  return [
    ...(hasRole && roleName === undefined ? ['the role of the rotation function'] : []),
    ...(kmsKeyId !== undefined && isAlias(kmsKeyId) ? [KEY] : []),
  ];
}

const KEY = 'the KMS key of the secret';

const isAlias = (kmsKeyId: string): boolean => kmsKeyId.includes('alias/');

/** The name in the ARN of a function. */
export const functionName = (functionArn: string): string => functionArn.split(':')[6] ?? functionArn;

const withoutQualifier = (functionArn: string): string => functionArn.split(':').slice(0, 7).join(':');

/** Undefined for the key of the service itself, whose policy nobody changes, and for one known by its alias only. */
function keyArn({ arn, kmsKeyId }: Secret): string | undefined {
  if (kmsKeyId === undefined || isAlias(kmsKeyId)) return undefined;
  if (kmsKeyId.startsWith('arn:')) return kmsKeyId;
  const { partition, region, account } = splitSecretArn(arn);
  return `arn:${partition}:kms:${region}:${account}:key/${kmsKeyId}`;
}
