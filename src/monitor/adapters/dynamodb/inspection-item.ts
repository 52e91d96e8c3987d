import { HOUR, SECOND } from '../../../calendar/instant.ts';
import type { FunctionInspection } from '../../domain/examine/function-inspection.ts';
import { inspection } from './record-schemas.ts';
import { readJson } from './schema.ts';
import type { Item } from './state-item.ts';

/** The item of the last look at a rotation function; forgotten after an hour. */
export const inspectionItem = (seen: FunctionInspection): Item => ({
  pk: { S: `function#${seen.functionArn}` },
  sk: { S: 'inspection' },
  body: { S: JSON.stringify(seen) },
  expiresAt: { N: String(Math.ceil((seen.at + HOUR) / SECOND)) },
});

/** The inspection an item holds; undefined when it cannot be read. */
export const inspectionOf = (item: Item): FunctionInspection | undefined =>
  readJson(item['body']?.S, inspection);
