import type { Service } from '../../src/monitor/application/service.ts';

/** A service whose process dies at one of its awaits. */
export interface Killing<S extends Service> {
  readonly service: S;
  /** Settles when the process has died. */
  readonly died: Promise<'died'>;
  /** Calls of ports so far. */
  readonly calls: () => number;
}

/** Point of death: before or after the effect of the n-th call of a port (from 1); 0 for never. */
export interface Death {
  readonly call: number;
  readonly when: 'before' | 'after';
}

const PORTS = [
  'catalog',
  'store',
  'moves',
  'queue',
  'sweepQueue',
  'deadlines',
  'notifier',
  'applicationBus',
  'metrics',
  'subscriptions',
  'healthNotifier',
  'heartbeat',
  'inspector',
  'history',
] as const;

/** Wraps every port so that the `call`-th call never comes back, as when the process is killed there. */
export function killing<S extends Service>(service: S, death: Death): Killing<S> {
  let calls = 0;
  let die: (value: 'died') => void = () => undefined;
  const died = new Promise<'died'>((resolve) => {
    die = resolve;
  });
  const dead = (): Promise<never> => {
    die('died');
    return new Promise(() => undefined);
  };
  const wrapped = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'list') return member;
        return async (...input: readonly unknown[]) => {
          calls += 1;
          const here = calls === death.call;
          if (here && death.when === 'before') return dead();
          const result: unknown = await Reflect.apply(member, target, input);
          return here ? dead() : result;
        };
      },
    });
  const ports = Object.fromEntries(
    PORTS.flatMap((name) => (service[name] === undefined ? [] : [[name, wrapped(service[name])]])),
  );
  return { service: { ...service, ...ports }, died, calls: () => calls };
}
