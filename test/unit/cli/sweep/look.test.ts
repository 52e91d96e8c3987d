import { afterEach, expect, test, vi } from 'vitest';
import { SECOND } from '../../../../src/calendar/instant.ts';
import { look } from '../../../../src/cli/sweep/look.ts';
import type { SweepResult } from '../../../../src/cli/sweep/sweep-result.ts';
import { CatalogError, type SecretCatalog } from '../../../../src/monitor/ports/look/secret-catalog.ts';
import { healthy } from '../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../support/service.ts';

const PLACE = { endpointUrl: 'http://127.0.0.1:1', region: 'eu-west-1', profile: undefined };
const SILENT = { onPage: () => undefined, end: () => undefined };

const looked = (
  service: MemoryService,
  given: { catalog?: Partial<SecretCatalog>; account?: string; isAudit?: boolean } = {},
): Promise<SweepResult> =>
  look(
    {
      service: {
        ...service,
        catalog: { ...service.catalog, ...given.catalog },
        settings: { ...service.settings, dailyChecks: 0 },
      },
      region: 'eu-west-1',
      account: Promise.resolve(given.account),
      wallClock: service.clock,
    },
    { place: PLACE, progress: SILENT, isAudit: given.isAudit ?? false },
  );

afterEach(() => void vi.useRealTimers());

test('look takes the account from STS, else from the ARNs, else from nowhere', async () => {
  const service = aService();
  expect(await looked(service)).toMatchObject({ account: undefined, observed: 0 });
  service.catalog.put(healthy('fine'));
  expect(await looked(service)).toMatchObject({ account: '111122223333' });
  expect(await looked(service, { account: '444455556666' })).toMatchObject({ account: '444455556666' });
});

test('look fails with why and where when the secrets cannot be listed', async () => {
  async function* list(): AsyncGenerator<never> {
    yield* [];
    throw new CatalogError('Cannot list secrets: denied', {
      reason: 'denied',
      retryable: false,
      cause: new Error('No.'),
    });
  }
  await expect(looked(aService(), { catalog: { list } })).rejects.toMatchObject({
    parts: {
      what: 'Cannot check the secrets of http://127.0.0.1:1 (eu-west-1)',
      details: ['Cannot list secrets: denied.', 'It said: No.'],
    },
  });
});

test('look gives up when no page comes, and waits for later ones', async () => {
  vi.useFakeTimers();
  const never = () => new Promise<never>(() => undefined);
  async function* silent(): AsyncGenerator<never> {
    yield never();
  }
  const failing = expect(looked(aService(), { catalog: { list: silent } })).rejects.toMatchObject({
    parts: { details: ['Nothing answered within 8 s.'] },
  });
  await vi.advanceTimersByTimeAsync(8 * SECOND);
  await failing;

  async function* slow() {
    yield { secrets: [], nextToken: 'more' };
    await new Promise((resolve) => setTimeout(resolve, 60 * SECOND));
    yield { secrets: [healthy('late').secret], nextToken: undefined };
  }
  const succeeding = looked(aService(), { catalog: { list: slow } });
  await vi.advanceTimersByTimeAsync(61 * SECOND);
  expect(await succeeding).toMatchObject({ observed: 1 });
});

test('look leaves no half line of progress behind, also when it fails', async () => {
  const end = vi.fn();
  async function* list(): AsyncGenerator<never> {
    yield* [];
    throw new TypeError('A mistake of ours');
  }
  const service = aService();
  const ready = {
    kind: 'ready',
    region: 'eu-west-1',
    account: Promise.resolve(undefined),
    wallClock: service.clock,
  } as const;
  const broken = { ...service, catalog: { ...service.catalog, list } };
  const how = { place: PLACE, progress: { ...SILENT, end }, isAudit: false };
  await expect(look({ ...ready, service: broken }, how)).rejects.toThrow(TypeError);
  expect(end).toHaveBeenCalledOnce();
});

test('look lists what audits ask for only on demand, and looks closer then', async () => {
  const service = aService();
  const replicas = [
    {
      region: 'us-east-1',
      status: 'Failed',
      message: undefined,
      kmsKeyId: undefined,
      lastAccessedAt: undefined,
    } as const,
  ];
  service.catalog.put(healthy('copied', { primaryRegion: 'eu-west-1', replicas }));
  service.catalog.put(
    healthy('plain', {
      rotationEnabled: undefined,
      rotationFunctionArn: undefined,
      rotationRules: undefined,
    }),
  );
  const without = await looked(service);
  expect(without).toMatchObject({ findings: [], apiCalls: 1 });
  expect(without.audit).toBeUndefined();
  const { findings, audit, apiCalls } = await looked(aService(), { catalog: service.catalog, isAudit: true });
  expect(findings.map(({ code, secretName }) => [code, secretName])).toEqual([
    ['replication-failed', 'copied'],
  ]);
  expect(audit?.findings.map(({ code, secretName }) => [code, secretName])).toEqual(
    expect.arrayContaining([['rotation-not-configured', 'plain']]),
  );
  expect(apiCalls).toBeGreaterThan(1);
});
