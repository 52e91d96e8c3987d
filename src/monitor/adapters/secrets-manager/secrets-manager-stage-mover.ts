import { type SecretsManagerClient, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { type StageMover, StageMoverError } from '../../ports/repair/stage-mover.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/**
 * Moves staging labels by UpdateSecretVersionStage, which refuses a move from a version that does not have the label.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export const secretsManagerStageMover = (client: SecretsManagerClient): StageMover => ({
  async move({ secretArn, label, to, from }) {
    const command = new UpdateSecretVersionStageCommand({
      SecretId: secretArn,
      VersionStage: label,
      ...(to === undefined ? {} : { MoveToVersionId: to }),
      ...(from === undefined ? {} : { RemoveFromVersionId: from }),
    });
    await client.send(command).catch((error: unknown) => {
      const failure = failureOf(error);
      const needs = failure.reason === 'denied' ? ', needs secretsmanager:UpdateSecretVersionStage' : '';
      throw new StageMoverError(`Cannot move ${label} of "${secretArn}": ${describeFailure(error)}${needs}`, {
        ...failure,
        cause: error,
      });
    });
  },
});
