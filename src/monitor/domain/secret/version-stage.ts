/** The version in use: exactly one version carries it once a secret has a value. */
const AWSCURRENT = 'AWSCURRENT';
/** The version a rotation is making. */
const AWSPENDING = 'AWSPENDING';

/** The version that was in use before. */
const AWSPREVIOUS = 'AWSPREVIOUS';

/**
 * Whether a text can be the id of a version: the token of the request that made it, 32 to 64 characters of any kind,
 * such as `terraform-` and digits.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export const isVersionId = (text: string): boolean => /^.{32,64}$/su.test(text);

/** Version id → its version stages, as ListSecrets and DescribeSecret return them. */
export type VersionStages = Readonly<Record<string, readonly string[]>>;

/** The version that carries `stage`; a stage is on one version at most. */
const versionWith = (stages: VersionStages, stage: string): string | undefined =>
  Object.keys(stages).find((versionId) => stages[versionId]?.includes(stage));

/** The version in use. */
export const currentVersion = (stages: VersionStages): string | undefined => versionWith(stages, AWSCURRENT);

/** The version that was in use before the current one. */
export const previousVersion = (stages: VersionStages): string | undefined =>
  versionWith(stages, AWSPREVIOUS);

/** The version that carries AWSPENDING, which may be the one in use: that is healthy. */
export const pendingVersion = (stages: VersionStages): string | undefined => versionWith(stages, AWSPENDING);

/**
 * The pending version, when it is not the one in use: a rotation is under way or stuck. While there is one, AWS
 * refuses every further rotation. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export function pendingApart(stages: VersionStages): string | undefined {
  const pending = pendingVersion(stages);
  return pending === undefined || stages[pending]?.includes(AWSCURRENT) ? undefined : pending;
}

/** Whether versions exist but none of them is in use. */
export const lacksCurrent = (stages: VersionStages): boolean =>
  Object.keys(stages).length > 0 && currentVersion(stages) === undefined;

/** Whether a label is one that Secrets Manager itself moves. */
export const isServiceLabel = (label: string): boolean =>
  label === AWSCURRENT || label === AWSPENDING || label === AWSPREVIOUS;
