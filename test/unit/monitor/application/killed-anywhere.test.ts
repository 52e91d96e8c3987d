import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { recordRotationEvents } from '../../../../src/monitor/application/on-event/record-rotation-events.ts';
import { checkOnRequest } from '../../../../src/monitor/application/operate/check-on-request.ts';
import type { Service } from '../../../../src/monitor/application/service.ts';
import { sweepSecrets } from '../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { deliverAlerts } from '../../../../src/monitor/application/tell/deliver-alerts.ts';
import { type SecretArn, splitSecretArn } from '../../../../src/monitor/domain/secret/secret.ts';
import { arn, aSecret, CURRENT, NOW, PENDING, PENDING_APART } from '../../../support/builders.ts';
import { labelUpdated, rotationFailed, serviceEvent } from '../../../support/events/envelopes.ts';
import { type Death, killing } from '../../../support/killing.ts';
import { pendingSince } from '../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../support/service.ts';

/** One run of a handler in a world of its own, and the subjects whose state it may change. */
interface Case {
  readonly world: () => Promise<MemoryService>;
  readonly run: (service: Service) => Promise<unknown>;
}

const stuckWorld = async (): Promise<MemoryService> => {
  const service = aService();
  await sweepSecrets(service);
  service.catalog.put({
    secret: aSecret({ versionStages: PENDING_APART }),
    createdAt: { [PENDING]: later(NOW, -2 * HOUR) },
  });
  service.catalog.put(pendingSince('prod/other', later(NOW, -DAY)));
  return service;
};
const body = (envelope: unknown) => JSON.stringify(envelope);
const batch = (...envelopes: readonly unknown[]) =>
  envelopes.map((envelope, index) => ({ messageId: `m${index}`, body: body(envelope) }));

const CASES: Readonly<Record<string, Case>> = {
  'recording a failure': {
    world: stuckWorld,
    run: (service) =>
      recordRotationEvents(
        service,
        batch(serviceEvent('RotationStarted', { eventID: 'e0' }), rotationFailed('testSecret')),
      ),
  },
  'recording the beginning of a rotation, whose deadline is to come': {
    world: async () => {
      const service = aService();
      await sweepSecrets(service);
      service.catalog.put({
        secret: aSecret({ versionStages: PENDING_APART }),
        createdAt: { [PENDING]: later(NOW, -MINUTE) },
      });
      return service;
    },
    run: (service) =>
      recordRotationEvents(
        service,
        batch(serviceEvent('RotationStarted', { eventID: 'e0' }), rotationFailed('setSecret')),
      ),
  },
  'a sweep that sees a young pending version': {
    world: async () => {
      const service = aService();
      service.catalog.put(pendingSince('prod/third', later(NOW, -MINUTE)));
      return service;
    },
    run: (service) => sweepSecrets(service),
  },
  'recording a success, with invalidation': {
    world: async () => {
      const service = await stuckWorld();
      await sweepSecrets(service);
      service.catalog.put({
        secret: aSecret({
          versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
          lastRotatedAt: NOW,
          lastChangedAt: NOW,
        }),
        createdAt: {},
      });
      return service;
    },
    run: (service) =>
      recordRotationEvents(service, batch(serviceEvent('RotationSucceeded'), labelUpdated('AWSCURRENT'))),
  },
  'a first sweep': {
    world: async () => {
      const service = aService();
      service.catalog.put(pendingSince('prod/old', later(NOW, -DAY)));
      return service;
    },
    run: (service) => sweepSecrets(service),
  },
  'a later sweep that opens and resolves': {
    world: async () => {
      const service = await stuckWorld();
      await sweepSecrets(service);
      service.catalog.put({ secret: aSecret(), createdAt: {} });
      service.catalog.put(pendingSince('prod/third', later(NOW, -DAY)));
      return service;
    },
    run: (service) => sweepSecrets(service),
  },
  'a sweep that finds a rotation without any event, and nobody subscribed': {
    world: async () => {
      const service = aService();
      await sweepSecrets(service);
      service.clock.advance(HOUR);
      service.catalog.put({
        secret: aSecret({
          versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
          lastRotatedAt: later(NOW, 20 * MINUTE),
          lastChangedAt: later(NOW, 20 * MINUTE),
          nextRotationAt: later(NOW, 30 * DAY),
        }),
        createdAt: {},
      });
      service.subscriptions.set({ confirmed: 0, pending: 0 });
      return service;
    },
    run: (service) => sweepSecrets(service),
  },
  'delivering to a channel that is gone, and the next sweep': {
    world: async () => {
      const service = await stuckWorld();
      await sweepSecrets(service);
      service.clock.advance(MINUTE);
      return service;
    },
    run: async (service) => {
      const gone = { kind: 'failed', retryable: false, reason: 'not-found' } as const;
      await deliverAlerts({ ...service, notifier: { deliver: async () => gone } }, 'run-1');
      const clock = { ...service.clock, now: () => later(service.clock.now(), 5 * MINUTE) };
      await sweepSecrets({ ...service, clock });
    },
  },
  'checking one secret': {
    world: stuckWorld,
    run: (service) => checkOnRequest(service, { secretId: aSecret().name }),
  },
  'delivering two groups': {
    world: async () => {
      const service = await stuckWorld();
      await sweepSecrets(service);
      await recordRotationEvents(service, batch(rotationFailed('testSecret')));
      service.clock.advance(MINUTE);
      return service;
    },
    run: (service) => deliverAlerts(service, 'run-1'),
  },
};

const SUBJECTS: readonly SecretArn[] = ['prod/orders/db', 'prod/other', 'prod/old', 'prod/third'].map(
  (name) => arn(`arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`),
);

const unrevised = <T extends object>(record: T | undefined) => record && { ...record, revision: 'any' };

/** Everything remembered, but for how often it was written. */
async function memoryOf({ store, moves }: Service): Promise<unknown> {
  const states = await Promise.all(SUBJECTS.map((subject) => store.read(subject)));
  const target = await store.readTarget(TARGET);
  return {
    states: states.map((state) => state && { ...state, revision: 'any' }),
    target: target && { ...target, revision: 'any' },
    attempts: await Promise.all(SUBJECTS.map((subject) => store.attempts(subject))),
    moved: unrevised(await moves.readMove(aSecret().arn)),
    lock: await store.acquireLock({ name: 'deliver', holder: 'probe', now: NOW, until: NOW }),
  };
}

/**
 * Collects the messages that people and applications received, each once: a crash may repeat a message, or split a
 * group into two. The requested checks are included.
 */
const said = ({ notifier, applicationBus, healthNotifier, deadlines }: MemoryService) => ({
  checks: new Set(deadlines.checks.map((check) => JSON.stringify(check))),
  health: new Set(healthNotifier.messages.map(({ subject }) => subject)),
  messages: new Set(
    notifier.messages.flatMap(({ text, attributes: { code, transition } }) =>
      SUBJECTS.filter((subject) => text.includes(splitSecretArn(subject).name)).map(
        (subject) => `${subject} ${code} ${transition}`,
      ),
    ),
  ),
  events: new Set(applicationBus.events.map((event) => JSON.stringify(event))),
});

/** Runs until it ends or dies; then, if it died, runs it again as AWS would. */
async function survived(
  { world, run }: Case,
  death: Death,
): Promise<{ died: boolean; service: MemoryService }> {
  const service = await world();
  const mortal = killing(service, death);
  const ended = await Promise.race([run(mortal.service).then(() => 'ended' as const), mortal.died]);
  if (ended === 'died') await run(service);
  return { died: ended === 'died', service };
}

test.each(Object.entries(CASES))(
  '%s: killed at any await and tried again, the end is the same and nothing is lost',
  async (_name, each) => {
    const undisturbed = await each.world();
    const counter = killing(undisturbed, { call: 0, when: 'before' });
    await each.run(counter.service);
    const expected = { memory: await memoryOf(undisturbed), said: said(undisturbed) };
    expect(counter.calls()).toBeGreaterThan(3);
    for (let call = 1; call <= counter.calls(); call++) {
      for (const when of ['before', 'after'] as const) {
        const { died, service } = await survived(each, { call, when });
        expect(died, `dies ${when} call ${call}`).toBe(true);
        expect(await memoryOf(service), `memory, killed ${when} call ${call}`).toEqual(expected.memory);
        expect(said(service), `words, killed ${when} call ${call}`).toEqual(expected.said);
      }
    }
  },
);

test.each(Object.entries(CASES))(
  '%s: killed at any await, what is unsaid will be delivered',
  async (_name, each) => {
    const undisturbed = await each.world();
    const counter = killing(undisturbed, { call: 0, when: 'before' });
    await each.run(counter.service);
    for (let call = 1; call <= counter.calls(); call++) {
      const { service } = await survived(each, { call, when: 'after' });
      const unsaid = await service.store.undelivered();
      if (unsaid.length > 0)
        expect(service.queue.wakes.length, `killed after call ${call}`).toBeGreaterThan(0);
    }
  },
);
