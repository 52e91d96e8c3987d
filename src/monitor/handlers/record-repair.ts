import type { Handler } from 'aws-lambda';
import {
  type RecordingRepairs,
  type RecordRepairRequest,
  recordRepair,
} from '../application/operate/record-repair.ts';
import { composeRecording } from '../compose/compose-recording.ts';
import { readConfig } from '../config/read-config.ts';
import type { RepairBeginning } from '../ports/repair/repair-log.ts';

export { composeRecording } from '../compose/compose-recording.ts';

/** Records repairs, as their operators state them. */
export const createRecordRepair =
  (service: RecordingRepairs): Handler<RecordRepairRequest, RepairBeginning> =>
  (request) =>
    recordRepair(service, request);

export const handler: Handler<RecordRepairRequest, RepairBeginning> = createRecordRepair(
  composeRecording(readConfig(process.env)),
);
