import type { DescribeSecretResponse, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { type Instant, instant } from '../../domain/instant.ts';
import { asSecretArn, type RotationRules, type Secret, splitSecretArn } from '../../domain/secret.ts';

/** A secret as the list shows it; undefined when AWS gave no full ARN, so that it cannot be told apart. */
export const fromList = (entry: SecretListEntry): Secret | undefined =>
  translated(entry, entry.SecretVersionsToStages);

/** A secret as DescribeSecret shows it. */
export const fromDescribe = (answer: DescribeSecretResponse): Secret | undefined =>
  translated(answer, answer.VersionIdsToStages);

function translated(
  source: SecretListEntry | DescribeSecretResponse,
  versionStages: Readonly<Record<string, string[]>> = {},
): Secret | undefined {
  const arn = asSecretArn(source.ARN ?? '');
  if (arn === undefined) return undefined;
  const { account, region, name } = splitSecretArn(arn);
  return {
    arn,
    account,
    region,
    name: source.Name ?? name,
    rotationEnabled: source.RotationEnabled ?? undefined,
    rotationFunctionArn: source.RotationLambdaARN || undefined,
    rotationRules: rules(source.RotationRules),
    createdAt: at(source.CreatedDate),
    lastRotatedAt: at(source.LastRotatedDate),
    nextRotationAt: at(source.NextRotationDate),
    deletedAt: at(source.DeletedDate),
    owningService: source.OwningService || undefined,
    externalType: source.Type || undefined,
    primaryRegion: source.PrimaryRegion || undefined,
    versionStages,
    tags: Object.fromEntries((source.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

function rules(source: SecretListEntry['RotationRules']): RotationRules | undefined {
  if (!source) return undefined;
  return {
    automaticallyAfterDays: source.AutomaticallyAfterDays || undefined,
    scheduleExpression: source.ScheduleExpression || undefined,
    duration: source.Duration || undefined,
  };
}

/** A date of the SDK as an instant. */
export const at = (date: Date | undefined): Instant | undefined =>
  date === undefined ? undefined : instant(date.getTime());
