import { expect, test } from 'vitest';
import type {
  MonitorMemory,
  RememberedSecret,
  RememberedTarget,
} from '../../src/monitor/ports/store/monitor-memory.ts';
import { at } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { DEFAULTS, TARGET } from '../support/service.ts';

/** A memory, and the facts that it was given. */
export interface MonitorMemoryUnderTest {
  readonly memory: MonitorMemory;
  readonly secret: RememberedSecret;
  readonly target: RememberedTarget;
}

/** Tests for every way to a monitor's memory. */
export function monitorMemoryContract(open: () => Promise<MonitorMemoryUnderTest>): void {
  test('what is remembered of a secret is returned as it is', async () => {
    const { memory, secret } = await open();
    expect(secret.state?.alerts).toHaveLength(1);
    expect(secret.attempts).toHaveLength(1);
    expect(await memory.secret(named('prod/db').arn)).toEqual(secret);
  });

  test('a secret about which there is nothing to remember has no state and no attempts', async () => {
    const { memory } = await open();
    expect(await memory.secret(named('prod/other').arn)).toMatchObject({
      attempts: [],
      policyDefaults: DEFAULTS,
    });
    expect((await memory.secret(named('prod/other').arn)).state).toBeUndefined();
  });

  test('what is open in an account and region is returned with the last sweep and the last audit', async () => {
    const { memory, target } = await open();
    expect(target).toMatchObject({ isWatched: true, alerts: [{ code: 'stuck-pending' }], more: 0 });
    expect(target.lastSweepAt).toBeGreaterThan(at('2026-01-01T00:00:00Z'));
    expect(target.lastAuditAt).toBe(at('2026-06-01T06:00:00Z'));
    expect(await memory.target(TARGET)).toEqual(target);
  });

  test('an account that is not watched has no alerts', async () => {
    const { memory } = await open();
    expect(await memory.target({ account: '444455556666', region: 'eu-west-1' })).toMatchObject({
      isWatched: false,
      alerts: [],
    });
  });
}
