import { describe, expect, test } from 'vitest';
import {
  formatInstant,
  HOUR,
  type Instant,
  later,
  MINUTE,
  SECOND,
} from '../../../../../src/calendar/instant.ts';
import { waitAfter } from '../../../../../src/monitor/application/look/schedule-check.ts';
import { recordRotationEvents } from '../../../../../src/monitor/application/on-event/record-rotation-events.ts';
import { checkOnRequest } from '../../../../../src/monitor/application/operate/check-on-request.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { DeadlineSchedulerError } from '../../../../../src/monitor/ports/sweep/deadline-scheduler.ts';
import { aSecret, CURRENT, NOW, PENDING, PENDING_APART } from '../../../../support/builders.ts';
import { rotationFailed, serviceEvent } from '../../../../support/events/envelopes.ts';
import { healthy, named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

const event = (envelope: unknown) => [{ messageId: 'm', body: JSON.stringify(envelope) }];
const pendingHere = (service: MemoryService, createdAt: Instant) =>
  service.catalog.put({
    secret: aSecret({ versionStages: PENDING_APART }),
    createdAt: { [PENDING]: createdAt },
  });
/** Returns the time from NOW until each check is due. */
const dueIn = ({ deadlines }: MemoryService) => deadlines.checks.map(({ at }) => at - NOW);

describe('a check is scheduled', () => {
  test('by the event of a rotation that began, for its threshold', async () => {
    const service = aService();
    pendingHere(service, NOW);
    await recordRotationEvents(
      service,
      event(serviceEvent('RotationStarted', { eventTime: formatInstant(NOW) })),
    );
    expect(service.deadlines.checks.map(({ secretArn }) => secretArn)).toEqual([aSecret().arn]);
    expect(dueIn(service)).toEqual([HOUR + 2 * SECOND]);
  });

  test('by the event of a failure, for the end of its grace and for the threshold', async () => {
    const service = aService();
    pendingHere(service, NOW);
    await recordRotationEvents(
      service,
      event(rotationFailed('setSecret', { eventTime: formatInstant(NOW) })),
    );
    expect(dueIn(service)).toEqual([15 * MINUTE + 2 * SECOND, HOUR + 2 * SECOND]);
  });

  test('by the sweep that first sees a pending version, not by the later ones', async () => {
    const service = aService();
    service.catalog.put(pendingSince('prod/db', later(NOW, -10 * MINUTE)));
    for (let sweep = 0; sweep < 5; sweep++) {
      await sweepSecrets(service);
      service.clock.advance(5 * MINUTE);
    }
    expect(dueIn(service)).toEqual([50 * MINUTE + 2 * SECOND]);
  });
});

describe('no check is scheduled', () => {
  test('for healthy secrets, and for what is reported already', async () => {
    const service = aService();
    service.catalog.put(healthy('prod/well'));
    service.catalog.put(healthy('prod/overdue', { nextRotationAt: later(NOW, -HOUR) }));
    service.catalog.put(pendingSince('prod/stuck', later(NOW, -2 * HOUR)));
    service.catalog.put(healthy('prod/off', { rotationEnabled: false }));
    await sweepSecrets(service);
    expect(service.deadlines.checks).toEqual([]);
  });

  test('for a rotation that has succeeded', async () => {
    const service = aService();
    service.catalog.put({
      secret: aSecret({
        versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
        lastRotatedAt: NOW,
      }),
      createdAt: {},
    });
    await recordRotationEvents(service, event(serviceEvent('RotationSucceeded')));
    expect(service.deadlines.checks).toEqual([]);
  });

  test('again by an event that changes nothing', async () => {
    const service = aService();
    pendingHere(service, NOW);
    let calls = 0;
    const schedule: typeof service.deadlines.schedule = async () => {
      calls += 1;
    };
    const counting = { ...service, deadlines: { schedule } };
    const failed = event(rotationFailed('setSecret', { eventTime: formatInstant(NOW) }));
    for (let time = 0; time < 5; time++) await recordRotationEvents(counting, failed);
    expect(calls).toBe(2);
  });

  test('where there is no scheduler', async () => {
    const service = { ...aService(), deadlines: undefined };
    service.catalog.put(pendingSince('prod/db', NOW));
    await expect(sweepSecrets(service)).resolves.toMatchObject({ failure: undefined });
  });
});

describe('a scheduler that fails', () => {
  const failing = (service: MemoryService) => ({
    ...service,
    deadlines: {
      schedule: async () => {
        throw new DeadlineSchedulerError('Cannot schedule', { reason: 'denied', retryable: false });
      },
    },
  });

  test('does not fail the check; it is counted and logged, and the sweep reports what is due', async () => {
    const service = aService();
    service.catalog.put(pendingSince('prod/db', NOW));
    await sweepSecrets(failing(service));
    expect(service.metrics.datapoints).toContainEqual(
      expect.objectContaining({
        name: 'DeadlineSchedulesFailed',
        value: 1,
        dimensions: { Reason: 'denied' },
      }),
    );
    expect(service.records).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'Cannot schedule a check' }),
    );
    service.clock.set(later(NOW, HOUR + MINUTE));
    await sweepSecrets(failing(service));
    const state = await service.store.read(named('prod/db').arn);
    expect(state?.alerts.map(({ code }) => code)).toEqual(['stuck-pending']);
  });

  test('that breaks a promise of its port is a mistake that nobody hides', async () => {
    const service = aService();
    pendingHere(service, NOW);
    const schedule = () => Promise.reject(new TypeError('a mistake'));
    const broken = { ...service, deadlines: { schedule } };
    await expect(checkOnRequest(broken, { secretId: aSecret().arn })).rejects.toThrow('a mistake');
  });
});

describe('what a check at a deadline finds', () => {
  const AT = later(NOW, HOUR + 2 * SECOND);
  const told = async (lateMs: number, deadline: string) => {
    const service = aService();
    pendingHere(service, NOW);
    service.clock.set(later(AT, lateMs));
    const outcome = await checkOnRequest(service, { secretId: aSecret().arn, deadline });
    return outcome?.after.outbox.map(({ notBefore }) => notBefore - AT);
  };

  test.each([0, 20, 59])(
    '%i s later is reported with all that other checks of the deadline find',
    async (late) => {
      expect(await told(late * SECOND, formatInstant(AT))).toEqual([70 * SECOND]);
    },
  );

  test('much later is reported at once', async () => {
    expect(await told(10 * MINUTE, formatInstant(AT))).toEqual([10 * MINUTE]);
  });

  test.each(['2099-01-01T00:00:00Z', 'tomorrow'])(
    'waits as usual when the deadline is "%s"',
    async (text) => {
      expect(await told(0, text)).toEqual([30 * SECOND]);
    },
  );
});

test('a longer wait than usual is counted from the deadline', () => {
  expect(waitAfter(NOW, 5 * MINUTE, later(NOW, 20 * SECOND))).toBe(280 * SECOND);
  expect(waitAfter(NOW, 5 * SECOND, later(NOW, 20 * SECOND))).toBe(50 * SECOND);
});

describe('what an event brings to light soon after a deadline', () => {
  /** Returns the delay of the alert after the deadline, if an event comes so late. */
  const told = async (lateMs: number) => {
    const service = aService();
    pendingHere(service, NOW);
    const began = serviceEvent('RotationStarted', { eventTime: formatInstant(NOW) });
    await recordRotationEvents(service, event(began));
    const deadline = later(NOW, HOUR);
    service.clock.set(later(deadline, lateMs));
    const eventTime = formatInstant(service.clock.now());
    await recordRotationEvents(service, event(rotationFailed('setSecret', { eventTime })));
    const state = await service.store.read(aSecret().arn);
    return state?.outbox.map(({ notBefore }) => notBefore - deadline);
  };

  test('is reported after the usual wait, while that ends before what the check finds', async () => {
    expect(await told(10 * SECOND)).toEqual([40 * SECOND]);
  });

  test.each([45, 60, 71])('is reported with what the check finds, even %i s after it', async (late) => {
    expect(await told(late * SECOND)).toEqual([71 * SECOND + 1]);
  });

  test('is reported after the usual wait once the check is over', async () => {
    expect(await told(73 * SECOND)).toEqual([103 * SECOND]);
  });
});

describe('a finding after two deadlines', () => {
  const THRESHOLD = later(NOW, HOUR);
  /** A version that is stuck; 37 s later the grace of its failure ends, too. */
  const stuck = async () => {
    const service = aService();
    pendingHere(service, NOW);
    const failedAt = later(THRESHOLD, 37 * SECOND - 15 * MINUTE);
    service.clock.set(failedAt);
    const eventTime = formatInstant(failedAt);
    await recordRotationEvents(service, event(rotationFailed('setSecret', { eventTime })));
    service.clock.set(later(THRESHOLD, 64 * SECOND));
    return service;
  };
  const told = async ({ store }: MemoryService) =>
    (await store.read(aSecret().arn))?.outbox.map(({ notBefore }) => notBefore - THRESHOLD);

  test('by an event goes out with those of the check of the first', async () => {
    const service = await stuck();
    const eventTime = formatInstant(service.clock.now());
    await recordRotationEvents(service, event(rotationFailed('setSecret', { eventTime })));
    expect(await told(service)).toEqual([71 * SECOND + 1]);
  });

  test('by the check of the second goes out with those of the check of the first', async () => {
    const service = await stuck();
    const deadline = formatInstant(later(THRESHOLD, 39 * SECOND));
    await checkOnRequest(service, { secretId: aSecret().arn, deadline });
    expect(await told(service)).toEqual([71 * SECOND + 1]);
  });
});
