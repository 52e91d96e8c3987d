import {
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  paginateListSecrets,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { RoleError } from '../aws/role-error.ts';
import { at, fromDescribe, fromList } from './read-secret.ts';

/** Most entries AWS gives a page. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html */
const PAGE_SIZE = 100;

/** Reads what Secrets Manager tells about secrets; never asks for a value. */
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

function translated(doing: string, permission: string, error: unknown): unknown {
  if (error instanceof CatalogError) return error;
  const failure = failureOf(error);
  const ofTarget = error instanceof RoleError;
  const needed = ofTarget ? `sts:AssumeRole on ${error.roleArn}` : permission;
  const needs = failure.reason === 'denied' ? `, needs ${needed}` : '';
  return new CatalogError(`Cannot ${doing}: ${describeFailure(error)}${needs}`, {
    ...failure,
    ofTarget,
    cause: error,
  });
}
