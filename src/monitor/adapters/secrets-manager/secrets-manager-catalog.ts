import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  ListSecretVersionIdsCommand,
  paginateListSecrets,
  type ReplicationStatusType,
  ResourceNotFoundException,
  type SecretListEntry,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Instant, instant } from '../../../calendar/instant.ts';
import type { Replica } from '../../domain/secret/replica.ts';
import {
  asSecretArn,
  type RotationRules,
  type Secret,
  type SecretArn,
  splitSecretArn,
} from '../../domain/secret/secret.ts';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';
import { describeNeeding, failureOf } from '../aws/failure-of.ts';
import { RoleError } from '../aws/role-error.ts';

/** Most entries AWS gives a page. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html */
const PAGE_SIZE = 100;

/** Reads the facts about secrets from Secrets Manager; never asks for a value. */
export function secretsManagerCatalog(client: SecretsManagerClient): SecretCatalog {
  return {
    async *list({ withDeleted = false, from } = {}) {
      const wanted = withDeleted ? { IncludePlannedDeletion: true } : {};
      const pages = paginateListSecrets({ client, pageSize: PAGE_SIZE, startingToken: from }, wanted);
      try {
        for await (const { SecretList = [], NextToken } of pages) {
          yield { secrets: SecretList.flatMap((entry) => fromList(entry) ?? []), nextToken: NextToken };
        }
      } catch (error) {
        throw translated('list secrets', 'secretsmanager:ListSecrets', error);
      }
    },
    async describe(id) {
      try {
        return fromDescribe(await client.send(new DescribeSecretCommand({ SecretId: id })));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw translated(`describe secret "${id}"`, 'secretsmanager:DescribeSecret', error);
      }
    },
    async listed(arn) {
      try {
        const { SecretList = [] } = await client.send(new ListSecretsCommand(listingOf(arn)));
        return SecretList.flatMap((entry) => fromList(entry) ?? []).find((secret) => secret.arn === arn);
      } catch (error) {
        throw translated(`list secret "${arn}"`, 'secretsmanager:ListSecrets', error);
      }
    },
    async versions(arn) {
      try {
        const command = new ListSecretVersionIdsCommand({ SecretId: arn, MaxResults: PAGE_SIZE });
        const { Versions = [] } = await client.send(command);
        return Versions.flatMap(({ VersionId, CreatedDate, LastAccessedDate }) =>
          VersionId === undefined
            ? []
            : [{ versionId: VersionId, createdAt: at(CreatedDate), lastAccessedAt: at(LastAccessedDate) }],
        );
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return [];
        throw translated(`list the versions of "${arn}"`, 'secretsmanager:ListSecretVersionIds', error);
      }
    },
  };
}

/** Lists the names that begin with that of a secret. In the order of names the name itself comes first. */
const listingOf = (arn: SecretArn): ListSecretsCommandInput => ({
  IncludePlannedDeletion: true,
  MaxResults: PAGE_SIZE,
  Filters: [{ Key: 'name', Values: [splitSecretArn(arn).name] }],
  SortBy: 'name',
  SortOrder: 'asc',
});

function translated(doing: string, permission: string, error: unknown): unknown {
  if (error instanceof CatalogError) return error;
  const failure = failureOf(error);
  const ofTarget = error instanceof RoleError;
  const needed = ofTarget ? `sts:AssumeRole on ${error.roleArn}` : permission;
  return new CatalogError(`Cannot ${doing}: ${describeNeeding(needed, error)}`, {
    ...failure,
    ofTarget,
    cause: error,
  });
}

/** A secret as the list shows it; undefined when AWS gave no full ARN, so that it cannot be identified. */
const fromList = (entry: SecretListEntry): Secret | undefined =>
  secretFrom(entry, { versionStages: entry.SecretVersionsToStages, replicas: undefined });

/** A secret as DescribeSecret shows it. */
const fromDescribe = (answer: DescribeSecretResponse): Secret | undefined =>
  secretFrom(answer, {
    versionStages: answer.VersionIdsToStages,
    replicas: (answer.ReplicationStatus ?? []).flatMap((each) => replicaOf(each) ?? []),
  });

/** A version's stages and a secret's replicas, which list and description report in different forms. */
interface Named {
  readonly versionStages: Readonly<Record<string, string[]>> | undefined;
  readonly replicas: readonly Replica[] | undefined;
}

function secretFrom(
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
const at = (date: Date | undefined): Instant | undefined =>
  date === undefined ? undefined : instant(date.getTime());
