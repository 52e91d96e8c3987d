import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { METRICS } from '../../../../../src/monitor/domain/metric.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const openCodes = async ({ store }: MemoryService): Promise<readonly string[]> =>
  (await store.open(TARGET)).flatMap(({ name, alerts }) =>
    alerts.filter(isOpen).map(({ code }) => `${name} ${code}`),
  );

const counting = (service: MemoryService) => {
  const calls = { list: 0, describe: 0, versions: 0 };
  const { catalog } = service;
  const counted = {
    ...catalog,
    async *list() {
      for await (const page of catalog.list()) {
        calls.list += 1;
        yield page;
      }
    },
    describe: (id: string) => {
      calls.describe += 1;
      return catalog.describe(id);
    },
    versions: (arn: Parameters<typeof catalog.versions>[0]) => {
      calls.versions += 1;
      return catalog.versions(arn);
    },
  };
  return { calls, service: { ...service, catalog: counted } };
};

test('a sweep of healthy secrets costs one call a page and stores nothing about them', async () => {
  const service = aService();
  for (let index = 0; index < 250; index++) service.catalog.put(healthy(`prod/${index}`));
  const report = await sweepSecrets(service);
  expect(report).toMatchObject({ apiCalls: 3, suspects: [], tally: { observed: 250 } });
  expect(await service.store.undelivered()).toEqual([]);
});

test('a sweep costs at most two calls more for each suspect', async () => {
  const service = aService();
  for (let index = 0; index < 100; index++) service.catalog.put(healthy(`prod/${index}`));
  for (let index = 0; index < 7; index++)
    service.catalog.put(pendingSince(`stuck/${index}`, later(NOW, -2 * HOUR)));
  const { apiCalls, suspects } = await sweepSecrets(service);
  expect(suspects).toHaveLength(7);
  expect(apiCalls).toBeLessThanOrEqual(Math.ceil(107 / 100) + 2 * 7);
});

test('a stuck pending version is announced by the first sweep past its threshold, with no event at all', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', NOW));
  await sweepSecrets(service);
  service.clock.set(later(NOW, HOUR));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
  service.clock.set(later(NOW, HOUR + 5 * MINUTE));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['prod/db stuck-pending']);
  expect(service.queue.wakes).toContain(30);
});

test('a look that took longer than the group waits leaves the index time to show what it stored', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  const describe: typeof service.catalog.describe = (arn) => {
    service.clock.advance(MINUTE);
    return service.catalog.describe(arn);
  };
  await sweepSecrets({ ...service, catalog: { ...service.catalog, describe } });
  expect(service.queue.wakes).toContain(2);
});

test('a suspect confirmed within the hour and unchanged in the list is not confirmed again', async () => {
  const { calls, service } = counting(aService());
  service.catalog.put(pendingSince('prod/db', NOW));
  await sweepSecrets(service);
  for (let sweep = 1; sweep < 12; sweep++) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets(service);
  }
  expect(calls).toEqual({ list: 12, describe: 1, versions: 1 });
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  expect(calls.describe).toBe(2);
});

test('a secret scheduled for deletion closes its alert', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  service.clock.advance(5 * MINUTE);
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR), { deletedAt: service.clock.now() }));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
});

test('a secret that is gone closes its alert after two sweeps', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  service.catalog.remove(named('prod/db').arn);
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['prod/db stuck-pending']);
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
});

test('rotation switched off between two sweeps is found; what was off before the first is not', async () => {
  const service = aService();
  service.catalog.put(healthy('always-off', { rotationEnabled: false }));
  service.catalog.put(healthy('prod/db'));
  await sweepSecrets(service);
  service.clock.advance(5 * MINUTE);
  service.catalog.put(healthy('prod/db', { rotationEnabled: false, nextRotationAt: undefined }));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
  service.clock.advance(15 * MINUTE + 1);
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['prod/db rotation-silently-disabled']);
  service.clock.advance(5 * MINUTE);
  service.catalog.put(healthy('prod/db'));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
});

test('the first sweep marks what it finds as baseline, later ones do not', async () => {
  const service = aService();
  service.catalog.put(pendingSince('old', later(NOW, -DAY)));
  await sweepSecrets(service);
  service.catalog.put(pendingSince('new', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  const said = (await service.store.undelivered()).flatMap(({ outbox }) => outbox);
  expect(said.map(({ secretName, baseline }) => [secretName, baseline])).toEqual([
    ['old', true],
    ['new', false],
  ]);
  expect((await service.store.readTarget(TARGET))?.baselineAt).toBe(NOW);
});

/** These are about other accounts and regions, and about replicas. */
const OF_MEMBERS = ['TargetsNotSwept', 'OldestTargetSweepAge', 'ReplicasUnwatched'];

test('every gauge is published by every sweep, also when it is 0', async () => {
  const service = aService();
  await sweepSecrets(service);
  const published = service.metrics.datapoints.map(({ name }) => name).sort();
  const gauges = Object.entries(METRICS).flatMap(([name, metric]) =>
    metric.published === 'sweep' && !OF_MEMBERS.includes(name) ? [name] : [],
  );
  expect(published).toEqual(gauges.sort());
});

test('a replica is counted whose primary is in a region that nobody watches', async () => {
  const service = aService();
  service.catalog.put(healthy('copied', { primaryRegion: TARGET.region }));
  service.catalog.put(healthy('copy', { primaryRegion: 'us-east-1' }));
  await sweepSecrets(service);
  const values = service.metrics.datapoints.filter(({ name }) => name === 'ReplicasUnwatched');
  expect(values.map(({ value }) => value)).toEqual([1]);
});

test('only the worst secrets have a metric of their own, and none has one whose rotation is under way', async () => {
  const service = aService();
  for (const hours of [2, 3, 4])
    service.catalog.put(pendingSince(`stuck-${hours}`, later(NOW, -hours * HOUR)));
  service.catalog.put(pendingSince('under-way', later(NOW, -5 * MINUTE)));
  await sweepSecrets({ ...service, settings: { ...service.settings, worstSecrets: 2 } });
  expect(service.metrics.datapoints.filter(({ name }) => name === 'PendingAge')).toEqual([
    { name: 'PendingAge', value: 4 * 3600, dimensions: { SecretName: 'stuck-4' } },
    { name: 'PendingAge', value: 3 * 3600, dimensions: { SecretName: 'stuck-3' } },
  ]);
});

test('one secret that cannot be stored stops neither the others nor the metrics, and the baseline waits', async () => {
  const service = aService();
  service.catalog.put(pendingSince('bad', later(NOW, -2 * HOUR)));
  service.catalog.put(pendingSince('good', later(NOW, -2 * HOUR)));
  const store = {
    ...service.store,
    read: (subject: string) =>
      subject.includes('bad') ? Promise.reject(new Error('broken')) : service.store.read(subject),
  };
  await expect(sweepSecrets({ ...service, store })).rejects.toThrow(AggregateError);
  expect(await openCodes(service)).toEqual(['good stuck-pending']);
  expect(service.metrics.datapoints).not.toEqual([]);
  expect(await service.store.readTarget(TARGET)).toBeUndefined();
});

const denied = () => new CatalogError('Cannot list secrets: denied', { reason: 'denied', retryable: false });
const unlistable = (service: MemoryService) => ({
  ...service,
  catalog: {
    ...service.catalog,
    // biome-ignore lint/correctness/useYield: the first page already fails
    async *list() {
      throw denied();
    },
  },
});

test('a target that cannot be listed for more than 15 minutes is reported once, and again when it is over', async () => {
  const service = aService();
  const blind = unlistable(service);
  expect((await sweepSecrets(blind)).failure?.reason).toBe('denied');
  service.clock.advance(15 * MINUTE);
  await sweepSecrets(blind);
  expect(await openCodes(service)).toEqual([]);
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(blind);
  await sweepSecrets(blind);
  expect(await openCodes(service)).toEqual(['111122223333 eu-west-1 target-unreachable']);
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  const said = (await service.store.undelivered()).flatMap(({ outbox }) =>
    outbox.map(({ transition }) => transition),
  );
  expect(said).toEqual(['opened', 'resolved']);
});

test('a target that cannot be listed resolves nothing', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  service.catalog.remove(named('prod/db').arn);
  await sweepSecrets(unlistable(service));
  await sweepSecrets(unlistable(service));
  expect(await openCodes(service)).toEqual(['prod/db stuck-pending']);
});

test('what an earlier run left unsaid is driven on', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  const queue = { wake: () => Promise.reject(new Error('killed')) };
  await expect(sweepSecrets({ ...service, queue })).rejects.toThrow();
  await sweepSecrets(service);
  expect(service.queue.wakes).toContain(0);
});

test('progress is printed page by page', async () => {
  const service = aService();
  for (let index = 0; index < 250; index++) service.catalog.put(healthy(`prod/${index}`));
  const observed: number[] = [];
  await sweepSecrets(service, { onPage: (progress) => void observed.push(progress.observed) });
  expect(observed).toEqual([100, 200, 250]);
});

test.each([
  [undefined, ['stuck-pending']],
  [false, []],
])(
  'what was found about suspects is in the report unless nobody reads it: %s',
  async (reportsFindings, codes) => {
    const service = aService();
    service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
    const { suspects } = await sweepSecrets(
      service,
      reportsFindings === undefined ? {} : { reportsFindings },
    );
    expect(suspects.map(({ findings }) => findings.map(({ code }) => code))).toEqual([codes]);
  },
);
