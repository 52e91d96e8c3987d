import type { Handler } from 'aws-lambda';
import {
  type AcknowledgeAnswer,
  type AcknowledgeRequest,
  acknowledgeOnRequest,
} from '../application/acknowledge-on-request.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** Takes an operator's word that somebody is at it. */
export const createAcknowledge =
  (service: Service): Handler<AcknowledgeRequest, AcknowledgeAnswer> =>
  (request) =>
    acknowledgeOnRequest(service, request);

export const handler: Handler<AcknowledgeRequest, AcknowledgeAnswer> = createAcknowledge(
  compose(readConfig(process.env)),
);
