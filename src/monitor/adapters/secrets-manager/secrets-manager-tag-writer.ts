import {
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { type TagWriter, TagWriterError } from '../../ports/repair/tag-writer.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Writes tags by TagResource and UntagResource. */
export const secretsManagerTagWriter = (client: SecretsManagerClient): TagWriter => ({
  async put(arn, tags) {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client
      .send(new TagResourceCommand({ SecretId: arn, Tags }))
      .catch((error: unknown) => refuse(arn, 'secretsmanager:TagResource', error));
  },
  async remove(arn, keys) {
    await client
      .send(new UntagResourceCommand({ SecretId: arn, TagKeys: [...keys] }))
      .catch((error: unknown) => refuse(arn, 'secretsmanager:UntagResource', error));
  },
});

function refuse(arn: string, permission: string, error: unknown): never {
  const failure = failureOf(error);
  const needs = failure.reason === 'denied' ? `, needs ${permission}` : '';
  throw new TagWriterError(`Cannot write tags of "${arn}": ${describeFailure(error)}${needs}`, {
    ...failure,
    cause: error,
  });
}
