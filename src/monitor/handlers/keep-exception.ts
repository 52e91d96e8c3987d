import type { Handler } from 'aws-lambda';
import { type KeepingExceptions, keepException } from '../application/operate/keep-exception.ts';
import { composeExcepting } from '../compose/compose-excepting.ts';
import { readConfig } from '../config/read-config.ts';
import type { KeepExceptionAnswer, KeepExceptionRequest } from '../ports/tell/exception-keeper.ts';

export { composeExcepting } from '../compose/compose-excepting.ts';

/** Keeps exceptions for audits, as those who ask for them and approve them state it. */
export const createKeepException =
  (service: KeepingExceptions): Handler<KeepExceptionRequest, KeepExceptionAnswer> =>
  (request) =>
    keepException(service, request);

export const handler: Handler<KeepExceptionRequest, KeepExceptionAnswer> = createKeepException(
  composeExcepting(readConfig(process.env)),
);
