import { expect, test } from 'vitest';
import type { Heartbeat } from '../../src/monitor/ports/watch/heartbeat.ts';

/** A heartbeat and a way to see how often it was heard. */
export interface HeartbeatUnderTest {
  readonly heartbeat: Heartbeat;
  readonly heard: () => number;
}

/** Tests what every heartbeat has to do. */
export function heartbeatContract(open: () => Promise<HeartbeatUnderTest>): void {
  test('every beat is heard once', async () => {
    const { heartbeat, heard } = await open();
    expect(heard()).toBe(0);
    await heartbeat.beat();
    await heartbeat.beat();
    expect(heard()).toBe(2);
  });
}
