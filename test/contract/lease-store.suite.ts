import { expect, test } from 'vitest';
import type { ConsumerLease } from '../../src/monitor/domain/secret/consumer-lease.ts';
import type { SecretArn } from '../../src/monitor/domain/secret/secret.ts';
import type { LeaseStore } from '../../src/monitor/ports/store/lease-store.ts';
import { aLease, CURRENT, PREVIOUS } from '../support/builders.ts';
import { named } from '../support/secrets.ts';

/** A lease store and the consumers that write into it. */
export interface LeasesUnderTest {
  readonly store: LeaseStore;
  write(arn: SecretArn, lease: ConsumerLease): Promise<void>;
}

const ARN = named('prod/db').arn;
const byName = (leases: readonly ConsumerLease[]) =>
  [...leases].sort((a, b) => (a.consumer < b.consumer ? -1 : 1));

/** Tests what every lease store has to do. */
export function leaseStoreContract(open: () => Promise<LeasesUnderTest>): void {
  test('a secret without consumers has no leases', async () => {
    const { store } = await open();
    expect(await store.leases(ARN)).toEqual([]);
  });

  test('the leases of a secret are those of its consumers and of no other secret', async () => {
    const { store, write } = await open();
    const leases = [aLease({ consumer: 'a' }), aLease({ consumer: 'b', confirmedVersionId: CURRENT })];
    for (const lease of leases) await write(ARN, lease);
    await write(named('prod/db2').arn, aLease({ consumer: 'c' }));
    expect(byName(await store.leases(ARN))).toEqual(leases);
  });

  test('a lease may name a version by any token that Secrets Manager takes', async () => {
    const { store, write } = await open();
    const lease = aLease({ confirmedVersionId: 'release/2026.11.30 (blue): build 42' });
    await write(ARN, lease);
    expect(await store.leases(ARN)).toEqual([lease]);
  });

  test('a consumer has one lease of a secret: the last it wrote', async () => {
    const { store, write } = await open();
    await write(ARN, aLease({ confirmedVersionId: PREVIOUS }));
    await write(ARN, aLease({ confirmedVersionId: CURRENT }));
    expect(await store.leases(ARN)).toEqual([aLease({ confirmedVersionId: CURRENT })]);
  });
}
