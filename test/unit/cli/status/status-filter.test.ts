import { expect, test } from 'vitest';
import { isAskedFor, type StatusFilter } from '../../../../src/cli/status/status-filter.ts';
import { troublesOf } from '../../../../src/cli/status/status-result.ts';
import type { SecretStatus } from '../../../../src/monitor/application/operate/fleet-status.ts';
import { arn, NOW } from '../../../support/builders.ts';

const SECRET: SecretStatus = {
  arn: arn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf'),
  name: 'prod/orders/db',
  account: '111122223333',
  region: 'eu-west-1',
  rotationEnabled: true,
  lastRotatedAt: undefined,
  nextRotationAt: undefined,
  tags: { team: 'a=b', empty: '' },
  hasCurrent: true,
  inProgress: false,
  pendingSince: undefined,
  owner: 'payments',
  finding: { code: 'stuck-pending', severity: 'HIGH', since: NOW, what: 'It is stuck.' },
};

test.each<readonly [StatusFilter, boolean]>([
  [{}, true],
  [{ owner: 'payments' }, true],
  [{ owner: 'orders' }, false],
  [{ tag: 'team' }, true],
  [{ tag: 'team=a=b' }, true],
  [{ tag: 'team=a' }, false],
  [{ tag: 'empty=' }, true],
  [{ tag: 'constructor' }, false],
  [{ finding: 'stuck-pending' }, true],
  [{ finding: 'rotation-failed' }, false],
  [{ severity: 'HIGH' }, true],
  [{ severity: 'CRITICAL' }, false],
  [{ name: 'prod/orders/db' }, true],
  [{ name: 'prod/*' }, true],
  [{ name: '*/db' }, true],
  [{ name: 'p*orders*b' }, true],
  [{ name: 'prod/orders/db*' }, true],
  [{ name: 'prod' }, false],
  [{ name: 'prod/orders/d*db' }, false],
  [{ name: '*users*' }, false],
  [{ owner: 'payments', severity: 'CRITICAL' }, false],
])('isAskedFor by %j is %s', (filter, isIt) => {
  expect(isAskedFor(SECRET, troublesOf(SECRET, undefined), filter)).toBe(isIt);
});

test('a secret without finding has no severity', () => {
  expect(isAskedFor({ ...SECRET, finding: undefined }, [], { severity: 'LOW' })).toBe(false);
});

test('a secret is asked for by its open alert, which rests on more than a look', () => {
  const alert = { code: 'rotation-failed', severity: 'CRITICAL' } as const;
  for (const filter of [{ severity: 'CRITICAL' }, { finding: 'rotation-failed' }] as const) {
    expect(isAskedFor(SECRET, [alert], filter)).toBe(true);
    expect(isAskedFor({ ...SECRET, finding: undefined }, [alert], filter)).toBe(true);
  }
});
