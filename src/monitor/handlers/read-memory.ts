import type { Handler } from 'aws-lambda';
import {
  type ReadingMemory,
  type ReadMemoryAnswer,
  type ReadMemoryRequest,
  readMemory,
} from '../application/operate/read-memory.ts';
import { composeReading } from '../compose/compose-reading.ts';
import { readConfig } from '../config/read-config.ts';

export { composeReading } from '../compose/compose-reading.ts';

/** Shows operators the monitor's memory, so that they need neither its table nor its key. */
export const createReadMemory =
  (service: ReadingMemory): Handler<ReadMemoryRequest, ReadMemoryAnswer> =>
  (request) =>
    readMemory(service, request);

export const handler: Handler<ReadMemoryRequest, ReadMemoryAnswer> = createReadMemory(
  composeReading(readConfig(process.env)),
);
