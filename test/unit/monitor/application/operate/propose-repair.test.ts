import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { memoryStepRunner } from '../../../../../src/monitor/adapters/memory/memory-repair.ts';
import { proposeRepair } from '../../../../../src/monitor/application/operate/propose-repair.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import type { RememberedSecret } from '../../../../../src/monitor/ports/store/monitor-memory.ts';
import { anEvidence, NOW, PENDING } from '../../../../support/builders.ts';
import { FUNCTION } from '../../../../support/inspections.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService, DEFAULTS } from '../../../../support/service.ts';

/** A stuck secret with the facts that a monitor remembers, and how its repair is proposed. */
async function proposing(evidence: readonly Evidence[], given: Partial<Secret> = {}) {
  const service = aService();
  const stored = pendingSince('prod/db', later(NOW, -2 * HOUR), given);
  service.catalog.put(stored);
  await sweepSecrets(service);
  const state = await service.store.read(stored.secret.arn);
  const remembered: RememberedSecret = {
    state: state && { ...state, evidence },
    attempts: [],
    target: undefined,
    policyDefaults: DEFAULTS,
  };
  const asked: string[] = [];
  const steps = memoryStepRunner();
  const code = { codeSha256: 'abc', isUpdating: false, isWeighted: false };
  steps.put(FUNCTION, { code, run: async () => ({ kind: 'succeeded' }) });
  const watched = {
    ...steps,
    code: (arn: string) => {
      asked.push(arn);
      return steps.code(arn);
    },
  };
  const propose = (hints: { readonly currentWorks?: boolean; readonly isAlone?: true } = {}) =>
    proposeRepair({ ...service, steps: watched }, stored.secret, {
      currentWorks: hints.currentWorks ?? false,
      remembered: hints.isAlone ? undefined : remembered,
    });
  return { propose, asked };
}

const failedAt = (step: 'createSecret' | 'testSecret') => anEvidence('rotation-failed', HOUR, { step });

test('a step that the monitor remembers decides the plan, with the code that was seen', async () => {
  const { propose } = await proposing([failedAt('testSecret')]);
  expect((await propose()).proposal).toMatchObject({
    kind: 'plan',
    plan: { reached: 'testSecret', pending: PENDING, function: { arn: FUNCTION, codeSha256: 'abc' } },
  });
});

test('without a memory nobody knows how far it came', async () => {
  const { propose } = await proposing([failedAt('testSecret')]);
  expect((await propose({ isAlone: true })).proposal).toMatchObject({
    kind: 'refused',
    refusal: { code: 'step-unknown' },
  });
});

test('a function of another account is not asked for', async () => {
  const rotationFunctionArn = FUNCTION.replace('111122223333', '444455556666');
  const { propose, asked } = await proposing([failedAt('testSecret')], { rotationFunctionArn });
  expect((await propose()).proposal).toMatchObject({ refusal: { code: 'foreign-function' } });
  expect(asked).toEqual([]);
});

test('an alert that only the monitor can judge is named, and no label moves', async () => {
  const service = aService();
  const secret = named('prod/fine');
  service.catalog.put({ secret, createdAt: {} });
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  const state = await service.store.read(named('prod/db').arn);
  const [alert] = state?.alerts ?? [];
  if (state === undefined || alert === undefined) throw new Error('Nothing is remembered');
  const code = 'invalidation-unconfirmed' as const;
  const fingerprint = `${secret.arn}#${code}`;
  const lease = { ...alert, fingerprint, code, pendingVersionId: undefined };
  const remembered: RememberedSecret = {
    state: { ...state, subject: secret.arn, name: secret.name, pending: undefined, alerts: [lease] },
    attempts: [],
    target: undefined,
    policyDefaults: DEFAULTS,
  };
  const hints = { currentWorks: false, remembered };
  const { view, proposal } = await proposeRepair({ ...service, steps: memoryStepRunner() }, secret, hints);
  expect(view.reported).toMatchObject([{ code, severity: 'HIGH' }]);
  expect(proposal).toMatchObject({ kind: 'refused', refusal: { code: 'nothing-pending' } });
});

test('nothing is proposed for a healthy secret', async () => {
  const service = aService();
  const secret = named('prod/fine');
  service.catalog.put({ secret, createdAt: {} });
  const hints = { currentWorks: false, remembered: undefined };
  const { proposal } = await proposeRepair({ ...service, steps: memoryStepRunner() }, secret, hints);
  expect(proposal).toEqual({ kind: 'nothing' });
});
