import { expect, test } from 'vitest';
import { DAY, later } from '../../../../../src/calendar/instant.ts';
import { auditSecrets } from '../../../../../src/monitor/application/audit/audit-secrets.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { aReplica, CURRENT, NOW } from '../../../../support/builders.ts';
import { healthy } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

const USED = { lastAccessedAt: later(NOW, -DAY) };
const OLD = later(NOW, -100 * DAY);

const named = (findings: Awaited<ReturnType<typeof auditSecrets>>['findings']) =>
  findings.map(({ secretName, code }) => `${secretName} ${code}`);

test('an audit goes through all pages, those scheduled for deletion as well, and stores nothing', async () => {
  const service = aService();
  for (let index = 0; index < 120; index++) service.catalog.put(healthy(`fine/${index}`, USED));
  service.catalog.put(healthy('gone', { ...USED, deletedAt: NOW }));
  service.catalog.put(healthy('off', { ...USED, rotationEnabled: false }));
  const { findings, apiCalls, incomplete } = await auditSecrets(service);
  expect(named(findings)).toEqual(['gone deletion-scheduled', 'off rotation-switched-off']);
  expect({ apiCalls, incomplete }).toEqual({ apiCalls: 2, incomplete: 0 });
  expect(await service.store.undelivered()).toEqual([]);
  expect(service.notifier.messages).toEqual([]);
});

test('the age is asked for only where the last rotation is too long ago', async () => {
  const service = aService();
  service.catalog.put(healthy('young', USED));
  service.catalog.put({
    ...healthy('put by hand', { ...USED, lastRotatedAt: OLD }),
    createdAt: { [CURRENT]: later(NOW, -DAY) },
  });
  service.catalog.put({
    ...healthy('old', { ...USED, lastRotatedAt: OLD }),
    createdAt: { [CURRENT]: OLD },
  });
  const { findings, apiCalls } = await auditSecrets(service);
  expect(named(findings)).toEqual(['old max-age-exceeded']);
  expect(apiCalls).toBe(1 + 2);
});

test('requests for replicas are asked for only where the primary seems unused', async () => {
  const service = aService();
  const replica = (lastAccessedAt = later(NOW, -DAY)) => aReplica('us-east-1', 'InSync', { lastAccessedAt });
  const primary = { primaryRegion: 'eu-west-1' };
  service.catalog.put(healthy('used here', { ...primary, ...USED, replicas: [replica(OLD)] }));
  service.catalog.put(healthy('used there', { ...primary, replicas: [replica()] }));
  service.catalog.put(healthy('used nowhere', { ...primary, replicas: [replica(OLD)] }));
  const { findings, apiCalls } = await auditSecrets(service);
  expect(named(findings)).toEqual(['used nowhere unused']);
  expect(apiCalls).toBe(1 + 2);
});

test('what cannot be asked is counted, and the rest of the secret audited', async () => {
  const service = aService();
  const denied = healthy('denied', { ...USED, lastRotatedAt: OLD, rotationEnabled: false });
  service.catalog.put(denied);
  const catalog = {
    ...service.catalog,
    versions: async () => {
      throw new CatalogError('Cannot list versions', { reason: 'denied', retryable: false });
    },
  };
  const { findings, incomplete } = await auditSecrets({ ...service, catalog });
  expect(named(findings)).toEqual(['denied rotation-switched-off']);
  expect(incomplete).toBe(1);
});

test('an audit fails when the secrets cannot be listed', async () => {
  const service = aService();
  const list = async function* (): AsyncGenerator<never> {
    yield* [];
    throw new CatalogError('Cannot list secrets', { reason: 'denied', retryable: false });
  };
  await expect(auditSecrets({ ...service, catalog: { ...service.catalog, list } })).rejects.toThrow(
    CatalogError,
  );
});
