import { expect, test } from 'vitest';
import { hearCredentials } from '../../../../src/cli/aws/hear-credentials.ts';
import { EventHistoryError } from '../../../../src/monitor/ports/look/event-history.ts';

const failing = (name: string): EventHistoryError => {
  const cause = Object.assign(new Error('in the words of the service'), { name, $metadata: {} });
  return new EventHistoryError('Cannot look', { reason: 'denied', retryable: false, cause });
};

/** A service with a port that fails with `error`, whether it answers at once or page by page. */
const aService = (error: Error) => ({
  port: {
    ask: () => Promise.reject(error),
    async *list() {
      yield 1;
      throw error;
    },
  },
  missing: undefined,
  limit: 3,
});

async function swallowed(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => undefined);
}

async function read(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _page of pages);
}

test.each(['ask', 'list'] as const)('the end of a session is heard though %s is swallowed', async (name) => {
  const expired = failing('ExpiredTokenException');
  const hearing = hearCredentials();
  const { port } = hearing.ports(aService(expired), 'port', 'missing');
  expect(hearing.check).not.toThrow();
  await swallowed(async () => (name === 'ask' ? port.ask() : read(port.list())));
  expect(hearing.failure()).toBe(expired);
  expect(hearing.check).toThrow(expired);
});

test('the first failure of credentials is kept, and a denial is none', async () => {
  const hearing = hearCredentials();
  const [denied, skewed, expired] = ['AccessDenied', 'RequestTimeTooSkewed', 'ExpiredToken'].map(failing);
  for (const error of [denied, skewed, expired]) {
    if (error !== undefined) await swallowed(() => hearing.ports(aService(error), 'port').port.ask());
  }
  expect(hearing.failure()).toBe(skewed);
});

test('what is no port stays as it is', () => {
  const service = aService(failing('ExpiredToken'));
  expect(hearCredentials().ports(service, 'missing', 'limit')).toEqual(service);
});
