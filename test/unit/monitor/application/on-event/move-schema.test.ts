import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { tellMove } from '../../../../../src/monitor/application/on-event/tell-move.ts';
import { aSecret, CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { aService } from '../../../../support/service.ts';

const document = JSON.parse(readFileSync('docs/schemas/secret-version-current.schema.json', 'utf8'));
const schema = z.fromJSONSchema(document);

/** Returns the event that applications get of one move. */
async function published(stages: Readonly<Record<string, readonly string[]>>): Promise<object> {
  const service = aService();
  const secret = aSecret({ versionStages: stages, lastChangedAt: NOW });
  const hint = { versionId: PENDING, at: NOW, isExact: true };
  await tellMove(service, secret.arn, { hint, secret, now: NOW, isLast: false });
  return { ...service.applicationBus.events[0]?.detail };
}

test('what applications get obeys the published schema, which describes every field of it', async () => {
  const detail = await published({ [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] });
  expect(schema.safeParse(detail)).toMatchObject({ success: true });
  expect(Object.keys(detail).sort()).toEqual(Object.keys(document.properties).sort());
});

test('only the version before may be missing', async () => {
  const detail = await published({ [PENDING]: ['AWSCURRENT'] });
  expect(schema.safeParse(detail)).toMatchObject({ success: true });
  expect(Object.keys(detail).sort()).toEqual([...document.required].sort());
  for (const field of document.required) {
    const { [field]: _left, ...rest } = detail as Record<string, unknown>;
    expect(schema.safeParse(rest).success, field).toBe(false);
  }
});
