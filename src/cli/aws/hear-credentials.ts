import { isOfCredentials } from './cause.ts';

/** An ear for the first failure that was about the credentials or the clock. */
export interface Hearing {
  /** The same service, whose ports of these names are heard; one that is missing stays so. */
  ports<T extends object>(service: T, ...names: readonly (keyof T)[]): T;
  /** Returns that failure; undefined when there was none. */
  failure(): unknown;
  /** Fails with that failure, if there was one. */
  check(): void;
}

/**
 * Notices a session that ends while a command looks around. Judged call by call, the failure would read as a permission
 * that is missing for each of them.
 */
export function hearCredentials(): Hearing {
  let first: unknown;
  const hear = (error: unknown): void => {
    if (isOfCredentials(error)) first ??= error;
  };
  return {
    ports(service, ...names) {
      const heard = names.flatMap((name) => {
        const port: unknown = service[name];
        return typeof port === 'object' && port !== null ? [[name, heardPort(port, hear)]] : [];
      });
      return { ...service, ...Object.fromEntries(heard) };
    },
    failure: () => first,
    check: () => {
      if (first !== undefined) throw first;
    },
  };
}

type Hear = (error: unknown) => void;

const heardPort = (port: object, hear: Hear): object =>
  new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => heardAnswer(Reflect.apply(member, target, args), hear);
    },
  });

function heardAnswer(answer: unknown, hear: Hear): unknown {
  if (answer instanceof Promise) void answer.catch(hear);
  return isAsyncIterable(answer) ? heardPages(answer, hear) : answer;
}

const isAsyncIterable = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

async function* heardPages(pages: AsyncIterable<unknown>, hear: Hear): AsyncGenerator<unknown> {
  try {
    yield* pages;
  } catch (error) {
    hear(error);
    throw error;
  }
}
