import type {
  DescribeSecretResponse,
  ReplicationStatusType,
  SecretListEntry,
} from '@aws-sdk/client-secrets-manager';
import { type Instant, instant } from '../../../calendar/instant.ts';
import type { Replica } from '../../domain/secret/replica.ts';
import { asSecretArn, type RotationRules, type Secret, splitSecretArn } from '../../domain/secret/secret.ts';

/** A secret as the list shows it; undefined when AWS gave no full ARN, so that it cannot be told apart. */
export const fromList = (entry: SecretListEntry): Secret | undefined =>
  translated(entry, { versionStages: entry.SecretVersionsToStages, replicas: undefined });

/** A secret as DescribeSecret shows it. */
export const fromDescribe = (answer: DescribeSecretResponse): Secret | undefined =>
  translated(answer, {
    versionStages: answer.VersionIdsToStages,
    replicas: (answer.ReplicationStatus ?? []).flatMap((each) => replicaOf(each) ?? []),
  });

/** What list and description give different names, or only one of them tells. */
interface Named {
  readonly versionStages: Readonly<Record<string, string[]>> | undefined;
  readonly replicas: readonly Replica[] | undefined;
}

function translated(
  source: SecretListEntry | DescribeSecretResponse,
  { versionStages = {}, replicas }: Named,
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
    lastChangedAt: at(source.LastChangedDate),
    lastRotatedAt: at(source.LastRotatedDate),
    lastAccessedAt: at(source.LastAccessedDate),
    nextRotationAt: at(source.NextRotationDate),
    deletedAt: at(source.DeletedDate),
    owningService: source.OwningService || undefined,
    externalType: source.Type || undefined,
    primaryRegion: source.PrimaryRegion || undefined,
    replicas,
    versionStages,
    kmsKeyId: source.KmsKeyId || undefined,
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

/** A replica; undefined when AWS names no region or a status nobody knows. */
function replicaOf(source: ReplicationStatusType): Replica | undefined {
  const { Region, Status } = source;
  const status = REPLICA_STATUSES.find((known) => known === Status);
  if (!Region || status === undefined) return undefined;
  return {
    region: Region,
    status,
    message: source.StatusMessage || undefined,
    kmsKeyId: source.KmsKeyId || undefined,
    lastAccessedAt: at(source.LastAccessedDate),
  };
}

const REPLICA_STATUSES = ['InSync', 'InProgress', 'Failed'] as const;

/** A date of the SDK as an instant. */
export const at = (date: Date | undefined): Instant | undefined =>
  date === undefined ? undefined : instant(date.getTime());
