import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { readMemory } from '../../../../../src/monitor/application/operate/read-memory.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { NOW } from '../../../../support/builders.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService, DEFAULTS, TARGET } from '../../../../support/service.ts';

test('what is remembered of a secret has its alerts, and not what waits to be sent', async () => {
  const service = aService();
  await sweepSecrets(service);
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  expect((await service.store.read(named('prod/db').arn))?.outbox).toHaveLength(1);
  expect(await readMemory(service, { secretArn: named('prod/db').arn })).toMatchObject({
    state: { alerts: [{ code: 'stuck-pending' }], outbox: [] },
    attempts: [],
  });
});

test('the settings of judging are returned, and no others', async () => {
  const service = aService();
  const policyDefaults = { ...DEFAULTS, heartbeatUrlParameter: '/somewhere' };
  const settings = { ...service.settings, policyDefaults };
  const answer = await readMemory({ ...service, settings }, { secretArn: named('prod/db').arn });
  expect(answer).toMatchObject({ policyDefaults: DEFAULTS });
  expect(JSON.stringify(answer)).not.toContain('/somewhere');
});

test('the open alerts of an account and region come gravest first', async () => {
  const service = aService();
  for (const name of ['prod/a', 'prod/b']) service.catalog.put(pendingSince(name, later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  expect(await readMemory(service, TARGET)).toMatchObject({
    more: 0,
    alerts: [{ subject: named('prod/a').arn }, { subject: named('prod/b').arn }],
  });
});

test.each([{}, { secretArn: 'prod/db' }, { account: '1', region: 'eu-west-1' }, { account: '111122223333' }])(
  'a request that names nothing is refused: %j',
  async (request) => {
    await expect(readMemory(aService(), request)).rejects.toThrow(RangeError);
  },
);
