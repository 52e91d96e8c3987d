import type { Handler } from 'aws-lambda';
import {
  type AcknowledgingOnRequest,
  acknowledgeOnRequest,
} from '../application/operate/acknowledge-on-request.ts';
import { composeAcknowledging } from '../compose/compose-acknowledging.ts';
import { readConfig } from '../config/read-config.ts';
import type { AcknowledgeAnswer, AcknowledgeRequest } from '../ports/tell/acknowledger.ts';

export { composeAcknowledging } from '../compose/compose-acknowledging.ts';

/** Takes an operator's word that somebody is at it. */
export const createAcknowledge =
  (service: AcknowledgingOnRequest): Handler<AcknowledgeRequest, AcknowledgeAnswer> =>
  (request) =>
    acknowledgeOnRequest(service, request);

export const handler: Handler<AcknowledgeRequest, AcknowledgeAnswer> = createAcknowledge(
  composeAcknowledging(readConfig(process.env)),
);
