import { HOUR, SECOND } from '../../../calendar/instant.ts';
import type { FunctionInspection } from '../../domain/examine/function-inspection.ts';
import type { Item } from './state-item.ts';

/** The item of the last look at a rotation function; forgotten after an hour. */
export const inspectionItem = (inspection: FunctionInspection): Item => ({
  pk: { S: `function#${inspection.functionArn}` },
  sk: { S: 'inspection' },
  body: { S: JSON.stringify(inspection) },
  expiresAt: { N: String(Math.ceil((inspection.at + HOUR) / SECOND)) },
});

/** The inspection an item holds. Fields absent from the JSON text are undefined, as they were when it was written. */
export const inspectionOf = (item: Item): FunctionInspection =>
  JSON.parse(item['body']?.S ?? '') as FunctionInspection;
