import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { memoryEventHistory } from '../../../../../src/monitor/adapters/memory/memory-event-history.ts';
import { memoryFunctionInspector } from '../../../../../src/monitor/adapters/memory/memory-function-inspector.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { NOW } from '../../../../support/builders.ts';
import { aFunction } from '../../../../support/inspections.ts';
import { pendingSince } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

const BEHIND = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-all';

/** The calls that a sweep makes which finds so many new suspects behind one function, by port and operation. */
async function callsFor(suspects: number): Promise<Readonly<Record<string, number>>> {
  const inspector = memoryFunctionInspector();
  inspector.put(BEHIND, aFunction());
  const service = { ...aService(), inspector, history: memoryEventHistory() };
  await sweepSecrets(service);
  for (let index = 0; index < suspects; index++) {
    const given = { rotationFunctionArn: BEHIND };
    service.catalog.put(pendingSince(`prod/${index}`, later(NOW, -2 * HOUR), given));
  }
  const calls: Record<string, number> = {};
  const counted = <T extends object>(port: string, target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name);
        if (typeof member !== 'function') return member;
        return (...input: readonly unknown[]): unknown => {
          const call = `${port}.${String(name)}`;
          calls[call] = (calls[call] ?? 0) + 1;
          return Reflect.apply(member, object, input);
        };
      },
    });
  const { catalog, store, queue, history } = service;
  await sweepSecrets({
    ...service,
    catalog: counted('catalog', catalog),
    store: counted('store', store),
    queue: counted('queue', queue),
    inspector: counted('inspector', inspector),
    history: counted('history', history),
  });
  return calls;
}

test('a new suspect costs four calls, whatever its function and its delivery cost', async () => {
  const [few, many] = [await callsFor(10), await callsFor(90)];
  const names = [...new Set([...Object.keys(few), ...Object.keys(many)])];
  const more = names.map((name) => [name, (many[name] ?? 0) - (few[name] ?? 0)] as const);
  expect(Object.fromEntries(more.filter(([, count]) => count !== 0))).toEqual({
    'catalog.describe': 80,
    'catalog.versions': 80,
    'store.read': 80,
    'store.write': 80,
  });
});
