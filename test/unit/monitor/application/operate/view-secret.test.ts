import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { memoryFunctionInspector } from '../../../../../src/monitor/adapters/memory/memory-function-inspector.ts';
import { adviceOf, viewSecret } from '../../../../../src/monitor/application/operate/view-secret.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { FunctionInspectorError } from '../../../../../src/monitor/ports/look/function-inspector.ts';
import type { RememberedSecret } from '../../../../../src/monitor/ports/store/monitor-memory.ts';
import { CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { aFunction, FUNCTION } from '../../../../support/inspections.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService, DEFAULTS } from '../../../../support/service.ts';

const STUCK = pendingSince('prod/db', later(NOW, -2 * HOUR));

/** A service with a stuck secret, which nobody has swept. */
function looking() {
  const service = aService();
  service.catalog.put(STUCK);
  return service;
}

test('a stuck secret is judged with its versions, and nothing is stored', async () => {
  const service = looking();
  const view = await viewSecret(service, STUCK.secret, undefined);
  expect(view.findings).toMatchObject([{ code: 'stuck-pending', pendingVersionId: PENDING }]);
  expect(Object.keys(view.versions)).toEqual([CURRENT, PENDING]);
  expect(view).toMatchObject({ at: NOW, inspection: undefined, reported: [] });
  expect(adviceOf(view)).toEqual(view.findings[0]?.advice);
  expect(await service.store.read(STUCK.secret.arn)).toBeUndefined();
});

test('a healthy secret has verdicts and no finding', async () => {
  const service = aService();
  const view = await viewSecret(service, named('prod/fine'), undefined);
  expect(view.findings).toEqual([]);
  expect(view.verdicts.map(({ verdict }) => typeof verdict)).not.toContain('object');
  expect(adviceOf(view)).toEqual([]);
});

test('the policy of the deployed monitor takes the place of our own', async () => {
  const remembered: RememberedSecret = {
    state: undefined,
    attempts: [],
    target: undefined,
    policyDefaults: { ...DEFAULTS, stuckAfterMs: 3 * HOUR },
  };
  expect((await viewSecret(looking(), STUCK.secret, remembered)).findings).toEqual([]);
});

test('the rotation function is looked at, and what is denied there is named', async () => {
  const inspector = memoryFunctionInspector();
  inspector.put(FUNCTION, aFunction());
  const grants = (): Promise<never> =>
    Promise.reject(new FunctionInspectorError('denied', { reason: 'denied', retryable: false }));
  const service = { ...looking(), inspector: { ...inspector, grants } };
  const { inspection } = await viewSecret(service, STUCK.secret, undefined);
  expect(inspection).toMatchObject({
    exists: true,
    unseen: [{ permission: 'lambda:GetPolicy', reason: 'denied' }],
  });
});

test('an alert that a finding says again is not reported beside it', async () => {
  const service = looking();
  await sweepSecrets(service);
  const state = await service.store.read(STUCK.secret.arn);
  expect(state?.alerts).toHaveLength(1);
  const remembered = { state, attempts: [], target: undefined, policyDefaults: DEFAULTS };
  const view = await viewSecret(service, STUCK.secret, remembered);
  expect({ findings: view.findings.length, reported: view.reported }).toEqual({ findings: 1, reported: [] });
});

test('an alert that the look shows to be over is not reported', async () => {
  const service = looking();
  await sweepSecrets(service);
  const state = await service.store.read(STUCK.secret.arn);
  const remembered = { state, attempts: [], target: undefined, policyDefaults: DEFAULTS };
  const healed = named('prod/db', {
    versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
  });
  const { reported } = await viewSecret(service, healed, remembered);
  expect(reported).toEqual([]);
});
