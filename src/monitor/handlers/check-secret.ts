import type { Handler } from 'aws-lambda';
import {
  type CheckingOnRequest,
  type CheckOnRequest,
  checkOnRequest,
} from '../application/operate/check-on-request.ts';
import { composeCheck } from '../compose/compose-check.ts';
import { readConfig } from '../config/read-config.ts';

export { composeCheck } from '../compose/compose-check.ts';

/** Judges one secret now. */
export const createCheckSecret =
  (service: CheckingOnRequest): Handler<CheckOnRequest, void> =>
  async (request) => {
    await checkOnRequest(service, request);
  };

export const handler: Handler<CheckOnRequest, void> = createCheckSecret(
  composeCheck(readConfig(process.env)),
);
