import { expect, test } from 'vitest';
import type { DeadLetterWatch } from '../../src/monitor/ports/watch/dead-letter-watch.ts';

/**
 * Tests what every dead-letter watch has to do; `open` gives one that watches queues with so many messages, by name.
 */
export function deadLetterWatchContract(
  open: (letters: Readonly<Record<string, number>>) => Promise<DeadLetterWatch>,
): void {
  test.each([[{}], [{ 'a-dlq': 0 }], [{ 'a-dlq': 0, 'b-dlq': 3 }]])(
    '%o is counted queue by queue',
    async (letters) => {
      const counted = await (await open(letters)).count();
      expect(counted).toEqual(
        Object.entries(letters).map(([name, count]) => ({
          queueArn: `arn:aws:sqs:eu-west-1:111122223333:${name}`,
          count,
        })),
      );
    },
  );

  test('an empty queue has nothing to be driven on', async () => {
    expect(await (await open({ 'a-dlq': 0 })).driveOn()).toBe(0);
  });
}
