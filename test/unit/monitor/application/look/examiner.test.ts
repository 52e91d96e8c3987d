import { describe, expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { memoryEventHistory } from '../../../../../src/monitor/adapters/memory/memory-event-history.ts';
import { memoryFunctionInspector } from '../../../../../src/monitor/adapters/memory/memory-function-inspector.ts';
import { checkSecret } from '../../../../../src/monitor/application/look/check-secret.ts';
import { examiner } from '../../../../../src/monitor/application/look/examiner.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { EventHistoryError } from '../../../../../src/monitor/ports/look/event-history.ts';
import { FunctionInspectorError } from '../../../../../src/monitor/ports/look/function-inspector.ts';
import { aSecret, CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { aCall, aFunction, FUNCTION } from '../../../../support/inspections.ts';
import { pendingSince } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

const open = () => {
  const inspector = memoryFunctionInspector();
  inspector.put(FUNCTION, aFunction());
  const history = memoryEventHistory();
  const service = { ...aService(), inspector, history };
  /** Checks secrets in one run, as a sweep does. */
  const run = async (...names: readonly string[]) => {
    const shared = { ...service, examine: examiner(service) };
    for (const name of names) await checkSecret(shared, request(secretNamed(name)));
  };
  const secretNamed = (name: string): Secret => pendingSince(name, NOW).secret;
  const stuck = (name: string): void => service.catalog.put(pendingSince(name, later(NOW, -2 * HOUR)));
  const said = async (name: string) => (await service.store.read(secretNamed(name).arn))?.outbox ?? [];
  return { inspector, history, service, run, stuck, said, secretNamed };
};

const request = ({ arn }: Secret) => ({
  arn,
  evidence: [],
  listed: undefined,
  known: undefined,
  baseline: false,
  eventsArrive: true,
});

const inspections = (asked: readonly string[]): number =>
  asked.filter((question) => question.startsWith('configuration')).length;

describe('a rotation function', () => {
  test('is not looked at while nothing is reported', async () => {
    const { inspector, history, service, run } = open();
    service.catalog.put(pendingSince('young', later(NOW, -MINUTE)));
    service.catalog.put({ secret: aSecret(), createdAt: {} });
    await run('young', 'prod/orders/db');
    expect([inspector.asked, history.asked]).toEqual([[], []]);
  });

  test('is looked at once for all that is reported in a run, and in other runs at the same moment', async () => {
    const { inspector, run, stuck, said } = open();
    const names = Array.from({ length: 30 }, (_, index) => `app/${index}`);
    for (const name of names) stuck(name);
    await run(...names.slice(0, 20));
    for (const name of names.slice(20)) await run(name);
    expect(inspections(inspector.asked)).toBe(1);
    const [last] = await said('app/29');
    expect(last?.finding.why.join()).toContain('CloudWatch counted 4 invocations');
  });

  test('is not looked at again as long as nothing more is reported', async () => {
    const { inspector, service, run, stuck } = open();
    stuck('app/db');
    await run('app/db');
    service.clock.advance(2 * HOUR);
    await run('app/db');
    expect(inspections(inspector.asked)).toBe(1);
    service.clock.advance(DAY);
    await run('app/db');
    expect(inspections(inspector.asked)).toBe(2);
  });

  test('counts up to twenty in a run; the alert about the next goes out without', async () => {
    const { inspector, service, run, said } = open();
    const names = Array.from({ length: 25 }, (_, index) => `app/${index}`);
    for (const name of names) {
      const rotationFunctionArn = `${FUNCTION}-${name.replace('/', '-')}`;
      inspector.put(rotationFunctionArn, aFunction());
      service.catalog.put(pendingSince(name, later(NOW, -2 * HOUR), { rotationFunctionArn }));
    }
    await run(...names);
    expect(inspections(inspector.asked)).toBe(20);
    expect(await said('app/24')).toHaveLength(1);
  });

  test('that is gone changes what is reported', async () => {
    const { inspector, run, stuck, said } = open();
    inspector.put(FUNCTION, undefined);
    stuck('app/db');
    await run('app/db');
    expect((await said('app/db')).map(({ code, severity }) => [code, severity])).toEqual([
      ['rotation-will-not-heal', 'HIGH'],
    ]);
  });

  test('that is gone stays so while nobody can look, and not once it is seen to be whole', async () => {
    const { inspector, service, run, stuck, secretNamed } = open();
    inspector.put(FUNCTION, undefined);
    stuck('app/db');
    const codes = async () =>
      (await service.store.read(secretNamed('app/db').arn))?.alerts.filter(isOpen).map(({ code }) => code);
    await run('app/db');
    const refused = async (): Promise<never> => {
      throw new FunctionInspectorError('Cannot inspect', { reason: 'throttled', retryable: true });
    };
    service.clock.advance(5 * MINUTE);
    const blind = { ...service, inspector: { ...inspector, configuration: refused, grants: refused } };
    await checkSecret({ ...blind, examine: examiner(blind) }, request(secretNamed('app/db')));
    expect(await codes()).toEqual(['rotation-will-not-heal']);
    inspector.put(FUNCTION, aFunction());
    service.clock.advance(5 * MINUTE);
    await run('app/db');
    expect(await codes()).toEqual(['stuck-pending']);
    expect((await service.store.read(secretNamed('app/db').arn))?.outbox).toHaveLength(1);
  });
});

describe('what changed', () => {
  test('is reported with the first alert, not with its repetition', async () => {
    const { history, service, run, stuck, said } = open();
    history.addCall(aCall({ at: later(NOW, -3 * HOUR) }), [FUNCTION]);
    stuck('app/db');
    await run('app/db');
    expect((await said('app/db'))[0]?.finding.changes).toHaveLength(1);
    service.clock.advance(DAY);
    await run('app/db');
    const [, repeated] = await said('app/db');
    expect(repeated).toMatchObject({ transition: 'repeated' });
    expect(repeated?.finding.changes).toBeUndefined();
  });

  test('is asked for one of the secrets behind a function', async () => {
    const { history, run, stuck } = open();
    for (const name of ['a', 'b', 'c']) stuck(name);
    await run('a', 'b');
    await run('c');
    expect(history.asked.filter((name) => name === FUNCTION)).toHaveLength(1);
    expect(history.asked).not.toContain('b');
  });

  test('is asked for a managed secret, too', async () => {
    const { inspector, history, service, run } = open();
    const managed = { rotationFunctionArn: undefined, owningService: 'rds' };
    service.catalog.put(pendingSince('rds!db', later(NOW, -2 * HOUR), managed));
    await run('rds!db');
    expect(inspector.asked).toEqual([]);
    expect(history.asked).toContain('rds!db');
  });
});

test('with everything refused the same is reported, with what could not be seen', async () => {
  const { inspector, history, service, run, stuck, said, secretNamed } = open();
  stuck('app/db');
  const denied = { reason: 'denied', retryable: false } as const;
  const blind = async (): Promise<never> => {
    throw new FunctionInspectorError('Cannot inspect', denied);
  };
  const deaf = async (): Promise<never> => {
    throw new EventHistoryError('Cannot look up', denied);
  };
  const refused = {
    ...service,
    inspector: {
      ...inspector,
      configuration: blind,
      grants: blind,
      reservedConcurrency: blind,
      activity: blind,
    },
    history: { ...history, callsOn: deaf },
  };
  await checkSecret({ ...refused, examine: examiner(refused) }, request(secretNamed('app/db')));
  const [told] = await said('app/db');
  expect(told).toMatchObject({ code: 'stuck-pending', severity: 'HIGH' });
  expect(told?.finding.why.join('\n')).toContain(
    'could not be examined: access denied (lambda:GetFunctionConfiguration, lambda:GetPolicy',
  );
  expect(told?.finding.changes).toBeUndefined();
  await run('app/db');
  expect(await said('app/db')).toHaveLength(1);
});

test('a deployment that may not look closer reports even so', async () => {
  const { service, stuck, said, secretNamed } = open();
  stuck('app/db');
  const bare = { ...service, inspector: undefined, history: undefined };
  expect(examiner(bare)).toBeUndefined();
  await checkSecret({ ...bare, examine: examiner(bare) }, request(secretNamed('app/db')));
  const [told] = await said('app/db');
  expect(told?.finding.why.join()).not.toContain('examined');
  expect([CURRENT, PENDING].every((id) => told?.finding.why.join().includes(id))).toBe(true);
});
