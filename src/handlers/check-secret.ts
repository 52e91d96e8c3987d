import type { Handler } from 'aws-lambda';
import { checkOnRequest } from '../application/check-on-request.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** What a deadline schedule or an operator asks for. */
export interface CheckSecretRequest {
  /** ARN or name. */
  readonly secretId: string;
}

/** Judges one secret now. */
export const createCheckSecret =
  (service: Service): Handler<CheckSecretRequest, void> =>
  async ({ secretId }) => {
    await checkOnRequest(service, secretId);
  };

export const handler: Handler<CheckSecretRequest, void> = createCheckSecret(compose(readConfig(process.env)));
