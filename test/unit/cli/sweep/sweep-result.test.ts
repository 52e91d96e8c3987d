import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { resultOf, type SweepResult } from '../../../../src/cli/sweep/sweep-result.ts';
import { sweepSecrets } from '../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { CatalogError } from '../../../../src/monitor/ports/look/secret-catalog.ts';
import { NOW } from '../../../support/builders.ts';
import { healthy, pendingSince } from '../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../support/service.ts';

const swept = async (service: MemoryService): Promise<SweepResult> =>
  resultOf(await sweepSecrets(service), {
    account: '111122223333',
    region: 'eu-west-1',
    at: NOW,
    store: service.store,
  });

/** The service with a catalog that cannot describe. */
function blinded(service: MemoryService, reason: 'denied' | 'throttled'): MemoryService {
  const { catalog } = service;
  const describe = () =>
    Promise.reject(new CatalogError('Cannot describe', { reason, retryable: reason === 'throttled' }));
  return { ...service, catalog: { ...catalog, describe } };
}

test('the result of healthy secrets is empty', async () => {
  const service = aService();
  service.catalog.put(healthy('fine'));
  expect(await swept(service)).toMatchObject({
    observed: 1,
    suspects: 0,
    findings: [],
    unverifiable: [],
    replicas: 0,
    apiCalls: 1,
  });
});

test('the result lists one finding for each secret, gravest first, then oldest, then by name', async () => {
  const service = aService();
  service.catalog.put(healthy('overdue', { nextRotationAt: later(NOW, -DAY) }));
  service.catalog.put(pendingSince('b', later(NOW, -2 * HOUR)));
  service.catalog.put(pendingSince('a', later(NOW, -2 * HOUR)));
  service.catalog.put(pendingSince('old', later(NOW, -3 * HOUR), { nextRotationAt: later(NOW, -DAY) }));
  const { findings } = await swept(service);
  expect(findings.map(({ secretName, code, severity }) => [secretName, code, severity])).toEqual([
    ['old', 'stuck-pending', 'HIGH'],
    ['a', 'stuck-pending', 'HIGH'],
    ['b', 'stuck-pending', 'HIGH'],
    ['overdue', 'rotation-overdue', 'MEDIUM'],
  ]);
});

test('a rotation within its threshold is counted, not found', async () => {
  const service = aService();
  service.catalog.put(pendingSince('young', later(NOW, -5 * MINUTE)));
  expect(await swept(service)).toMatchObject({ suspects: 1, inProgress: 1, findings: [] });
});

test.each(['denied', 'throttled'] as const)(
  'a look that is %s makes the secret unverifiable at once',
  async (reason) => {
    const service = aService();
    service.catalog.put(pendingSince('hidden', later(NOW, -5 * MINUTE)));
    const { findings, unverifiable } = await swept(blinded(service, reason));
    expect(unverifiable).toEqual([
      { secretArn: expect.stringContaining(':secret:hidden-'), secretName: 'hidden', reason },
    ]);
    expect(findings).toMatchObject([{ secretName: 'hidden', code: 'unverifiable', severity: 'LOW' }]);
  },
);

test('a secret that only the list shows to be stuck counts as stuck, marked as unconfirmed', async () => {
  const service = aService();
  const stuckSince = (name: string, lastChangedAt: Instant) =>
    service.catalog.put(pendingSince(name, later(NOW, -3 * HOUR), { lastChangedAt }));
  stuckSince('old', later(NOW, -70 * MINUTE - 1));
  stuckSince('recent', later(NOW, -70 * MINUTE));
  const { settings } = service;
  const single = { ...service, settings: { ...settings, isSingleLook: true as const } };
  const { findings, unverifiable } = await swept(blinded(single, 'denied'));
  expect(findings).toMatchObject([
    { secretName: 'old', code: 'stuck-pending', severity: 'HIGH', isUnconfirmed: true },
    { secretName: 'recent', code: 'unverifiable', isUnconfirmed: false },
  ]);
  expect(findings[0]?.why.join(' ')).toContain('Unconfirmed');
  expect(unverifiable).toHaveLength(2);
});

test('a monitor that remembers counts from its first sight, and from no date that tags move', async () => {
  const service = blinded(aService(), 'denied');
  const lastChangedAt = later(NOW, -30 * DAY);
  service.catalog.put(pendingSince('hidden', later(NOW, -5 * MINUTE), { lastChangedAt }));
  const codes = async () => (await swept(service)).findings.map(({ code }) => code);
  expect(await codes()).toEqual(['unverifiable']);
  service.clock.set(later(NOW, 70 * MINUTE));
  expect(await codes()).toEqual(['unverifiable']);
  service.clock.set(later(NOW, 70 * MINUTE + 1));
  expect(await codes()).toEqual(['stuck-pending']);
});
