import { expect, test } from 'vitest';
import { instant, later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import type { DeadlineScheduler } from '../../src/monitor/ports/sweep/deadline-scheduler.ts';
import { NOW } from '../support/builders.ts';
import { named } from '../support/secrets.ts';

/** A scheduler and a way to see what it has had checked. */
export interface SchedulerUnderTest {
  readonly scheduler: DeadlineScheduler;
  /** Names of the secrets checked until a moment, each check once; moments only grow. */
  checkedUntil(ms: number): Promise<readonly string[]>;
}

const { arn: A } = named('prod/a');
const { arn: B } = named('prod/b');
const AT = later(NOW, 10 * MINUTE);

/** Tests what every deadline scheduler has to do. The clock stands at NOW. */
export function deadlineSchedulerContract(open: () => Promise<SchedulerUnderTest>): void {
  test('a secret is checked once, not before its time and within a minute after it', async () => {
    const { scheduler, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: A, at: AT });
    expect(await checkedUntil(AT - 1)).toEqual([]);
    expect(await checkedUntil(AT + MINUTE)).toEqual(['prod/a']);
    expect(await checkedUntil(AT + 60 * MINUTE)).toEqual(['prod/a']);
  });

  test('a time between two seconds is the later one', async () => {
    const { scheduler, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: A, at: later(AT, 1) });
    expect(await checkedUntil(AT + SECOND - 1)).toEqual([]);
    expect(await checkedUntil(AT + SECOND + MINUTE)).toEqual(['prod/a']);
  });

  test('asking twice for the same is asking once', async () => {
    const { scheduler, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: A, at: AT });
    await scheduler.schedule({ secretArn: A, at: AT });
    expect(await checkedUntil(AT + MINUTE)).toEqual(['prod/a']);
  });

  test('another secret and another time are other checks', async () => {
    const { scheduler, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: A, at: AT });
    await scheduler.schedule({ secretArn: B, at: AT });
    await scheduler.schedule({ secretArn: A, at: later(AT, 5 * MINUTE) });
    expect([...(await checkedUntil(AT + MINUTE))].sort()).toEqual(['prod/a', 'prod/b']);
    expect([...(await checkedUntil(instant(AT + 6 * MINUTE)))].sort()).toEqual([
      'prod/a',
      'prod/a',
      'prod/b',
    ]);
  });
}
