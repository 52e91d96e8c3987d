import { expect, test } from 'vitest';
import { HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { checkSecret } from '../../../../../src/monitor/application/look/check-secret.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { updateTarget } from '../../../../../src/monitor/application/target/update-target.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import type { Severity } from '../../../../../src/monitor/domain/finding/finding.ts';
import { freshState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { aFinding, aNotification } from '../../../../support/alerts.ts';
import { anEvidence, NOW } from '../../../../support/builders.ts';
import { healthy, named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

/** A service past its baseline, with `count` secrets behind one function found stuck a moment ago. */
async function withStuck(count: number): Promise<MemoryService> {
  const service = aService();
  await sweepSecrets(service);
  for (let index = 0; index < count; index++)
    service.catalog.put(pendingSince(`prod/${index}`, later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  return service;
}

test('nothing is said before the group wait is over', async () => {
  const service = await withStuck(1);
  service.clock.advance(28 * SECOND);
  await deliverAlerts(service, 'a');
  expect(service.notifier.messages).toEqual([]);
  service.clock.advance(2 * SECOND);
  await deliverAlerts(service, 'a');
  expect(service.notifier.messages).toHaveLength(1);
});

test('200 secrets behind one broken function are one message', async () => {
  const service = await withStuck(200);
  service.clock.advance(30 * SECOND);
  expect(await deliverAlerts(service, 'a')).toEqual({ delivered: 1, failures: [], refused: [] });
  expect(service.notifier.messages[0]?.subject).toBe('[HIGH] 200 secrets: stuck-pending');
  expect(await service.store.undelivered()).toEqual([]);
});

test('200 secrets behind one function that break over four hours are at most five messages, and one when repaired', async () => {
  const service = aService();
  await sweepSecrets(service);
  for (let index = 0; index < 200; index++) {
    const name = `prod/${index}`;
    service.catalog.put(pendingSince(name, later(service.clock.now(), -2 * HOUR)));
    if (index % 4 === 0) await sweepSecrets(service);
    service.clock.advance((4 * HOUR) / 200);
    await deliverAlerts(service, 'a');
  }
  service.clock.advance(HOUR);
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'a');
  const opened = service.notifier.messages.filter(({ attributes }) => attributes['transition'] === 'opened');
  expect(opened.length).toBeLessThanOrEqual(5);
  expect(opened.at(-1)?.subject).toMatch(/^\[HIGH\] .*: stuck-pending \(\+\d+, 200 in all\)$/);
  for (let index = 0; index < 200; index++) service.catalog.put(healthy(`prod/${index}`));
  for (let turn = 0; turn < 3; turn++) {
    await sweepSecrets(service);
    service.clock.advance(MINUTE);
    await deliverAlerts(service, 'a');
  }
  const resolved = service.notifier.messages.filter(
    ({ attributes }) => attributes['transition'] === 'resolved',
  );
  expect(resolved.map(({ subject }) => subject)).toEqual(['[RESOLVED] 200 secrets: stuck-pending']);
});

test('what was delivered is not delivered again', async () => {
  const service = await withStuck(1);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'a');
  await deliverAlerts(service, 'b');
  expect(service.notifier.messages).toHaveLength(1);
});

test('1,000 old problems at the first sweep are one message', async () => {
  const service = aService();
  for (let index = 0; index < 1000; index++)
    service.catalog.put(pendingSince(`old/${index}`, later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'a');
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] First sweep of 111122223333 eu-west-1: 1,000 findings',
  ]);
});

test('a baseline is held until the first sweep is complete, but for what is CRITICAL', async () => {
  const service = aService();
  service.catalog.put(pendingSince('split', later(NOW, -2 * HOUR)));
  service.catalog.put(pendingSince('stuck', later(NOW, -2 * HOUR)));
  for (const name of ['split', 'stuck']) {
    const secret = (await service.catalog.describe(name)) ?? healthy(name).secret;
    await checkSecret(service, {
      arn: secret.arn,
      evidence: name === 'split' ? [anEvidence('rotation-failed', HOUR, { step: 'testSecret' })] : [],
      listed: secret,
      known: undefined,
      baseline: true,
      eventsArrive: false,
    });
  }
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'a');
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[CRITICAL] split: stuck-pending',
  ]);
  await sweepSecrets(service);
  await deliverAlerts(service, 'a');
  expect(service.notifier.messages.at(-1)?.subject).toBe(
    '[HIGH] First sweep of 111122223333 eu-west-1: 1 finding',
  );
});

test('a message that the channel does not take stays in the outbox and is counted by reason', async () => {
  const service = await withStuck(1);
  service.clock.advance(MINUTE);
  const notifier = {
    deliver: async () => ({ kind: 'failed' as const, retryable: true, reason: 'throttled' as const }),
  };
  expect(await deliverAlerts({ ...service, notifier }, 'a')).toEqual({
    delivered: 0,
    failures: ['throttled'],
    refused: [],
  });
  expect(await service.store.undelivered()).toHaveLength(1);
  expect(service.metrics.datapoints.at(-1)).toEqual({
    name: 'NotificationsFailed',
    value: 1,
    dimensions: { Reason: 'throttled' },
  });
});

test('one run at a time delivers; the other asks to be woken again', async () => {
  const service = await withStuck(1);
  service.clock.advance(MINUTE);
  const now = service.clock.now();
  await service.store.acquireLock({ name: 'deliver', holder: 'other', now, until: later(now, MINUTE) });
  expect(await deliverAlerts(service, 'me')).toEqual({ delivered: 0, failures: [], refused: [] });
  expect(service.queue.wakes.at(-1)).toBe(5);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'me');
  expect(service.notifier.messages).toHaveLength(1);
});

test('a state that changes while its message is sent loses nothing', async () => {
  const service = await withStuck(1);
  service.clock.advance(MINUTE);
  const secret = await service.catalog.describe('prod/0');
  if (secret === undefined) throw new Error('The secret is missing');
  const notifier = {
    deliver: async (message: Parameters<typeof service.notifier.deliver>[0]) => {
      await checkSecret(service, {
        arn: secret.arn,
        evidence: [anEvidence('rotation-failed', 0, { step: 'testSecret' })],
        listed: undefined,
        known: undefined,
        baseline: false,
        eventsArrive: true,
      });
      return service.notifier.deliver(message);
    },
  };
  await deliverAlerts({ ...service, notifier }, 'a');
  const [state] = await service.store.undelivered();
  expect(state?.outbox.map(({ transition, severity }) => `${transition} ${severity}`)).toEqual([
    'rose CRITICAL',
  ]);
  expect(state?.account).toBe(TARGET.account);
});

test('an opening that is over before its growing group is reported again is forgotten, and its resolution with it', async () => {
  const service = await withStuck(2);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'a');
  service.catalog.put(pendingSince('late', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'b');
  service.catalog.put(healthy('late'));
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'c');
  service.clock.advance(2 * HOUR);
  await deliverAlerts(service, 'd');
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] 2 secrets: stuck-pending',
  ]);
  expect(await service.store.undelivered()).toEqual([]);
});

test.each([
  [
    'arn:aws:sns:eu-west-1:111122223333:rotation-escalations',
    ['[CRITICAL] split: stuck-pending (not acknowledged)'],
  ],
  [undefined, []],
])(
  'with an escalation route (%s) an alert topic that refuses holds back what %o',
  async (escalationTopicArn, sent) => {
    const service = aService();
    const settings = { ...service.settings, escalationTopicArn };
    const refusals = [{ group: '*', reason: 'not-found', at: NOW }];
    await updateTarget(service.store, TARGET, (record) => ({ ...record, refusals }));
    for (const [name, transition] of [
      ['split', 'escalated'],
      ['stuck', 'opened'],
    ] as const) {
      const { arn } = named(name);
      const severity: Severity = name === 'split' ? 'CRITICAL' : 'HIGH';
      const said = {
        secretName: name,
        secretArn: arn,
        transition,
        severity,
        id: name,
        rotationFunctionArn: undefined,
      };
      await service.store.write({
        ...freshState(arn, name, TARGET),
        outbox: [aNotification({ ...said, notBefore: NOW, finding: aFinding({ severity }) })],
      });
    }
    const { refused } = await deliverAlerts({ ...service, settings }, 'a');
    expect(service.notifier.messages.map(({ subject }) => subject)).toEqual(sent);
    expect(refused).toHaveLength(2 - sent.length);
  },
);

test('where the end of an alert goes out with its group, its beginning goes before it', async () => {
  const service = aService();
  const of = (secretName: string) => aNotification({ secretName }).secretArn;
  const over = { transition: 'resolved', reason: 'resolved', notBefore: NOW } as const;
  const opened = aNotification({ secretName: 'prod/a' });
  await service.store.write({
    ...freshState(of('prod/a'), 'prod/a', TARGET),
    outbox: [opened, aNotification({ ...over, secretName: 'prod/a', id: 'a over', at: later(NOW, SECOND) })],
  });
  await service.store.write({
    ...freshState(of('prod/b'), 'prod/b', TARGET),
    outbox: [aNotification({ ...over, secretName: 'prod/b', id: 'b over' })],
  });
  await deliverAlerts(service, 'a');
  const told = service.notifier.messages.map(({ attributes }) => attributes['transition']);
  expect(told).toEqual(['opened', 'resolved']);
  expect(await service.store.undelivered()).toEqual([]);
  service.clock.advance(HOUR);
  await service.store.write({
    ...freshState(of('prod/c'), 'prod/c', TARGET),
    outbox: [aNotification({ secretName: 'prod/c', notBefore: NOW })],
  });
  await deliverAlerts(service, 'a');
  expect(service.notifier.messages.at(-1)?.subject).toBe('[HIGH] prod/c: stuck-pending');
});

test.each([
  ['another function', { rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:newer' }],
  ['another owner', { tags: { 'rotation-monitor:owner': 'payments' } }],
])('an alert that goes on under %s is no member of its former group any longer', async (_case, given) => {
  const service = await withStuck(2);
  const goOn = async (ms: number) => {
    service.clock.advance(ms);
    await sweepSecrets(service);
    service.clock.advance(MINUTE);
    await deliverAlerts(service, 'a');
  };
  await goOn(MINUTE);
  service.catalog.put(pendingSince('prod/1', later(NOW, -2 * HOUR), given));
  await goOn(25 * HOUR);
  service.catalog.put(healthy('prod/0'));
  await goOn(MINUTE);
  service.catalog.put(pendingSince('prod/2', later(NOW, -2 * HOUR)));
  await goOn(MINUTE);
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] 2 secrets: stuck-pending',
    '[HIGH] prod/0: stuck-pending (still open, 1 d 3 h)',
    '[HIGH] prod/1: stuck-pending (still open, 1 d 3 h)',
    '[RESOLVED] prod/0: stuck-pending',
    '[HIGH] prod/2: stuck-pending',
  ]);
});

test('what the channel takes after hours says of when it is', async () => {
  const service = await withStuck(1);
  service.clock.advance(5 * HOUR + MINUTE);
  await deliverAlerts(service, 'a');
  const text = service.notifier.messages.at(-1)?.text ?? '';
  expect(text).toContain('Late: this was so at 2026-11-21T10:00:00Z. Look again before you type');
  expect(text).toContain(', sent at 2026-11-21T15:01:00Z');
});
