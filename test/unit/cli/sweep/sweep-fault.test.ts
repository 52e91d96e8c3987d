import { expect, test } from 'vitest';
import { listingFault } from '../../../../src/cli/sweep/sweep-fault.ts';
import type { FailureReason } from '../../../../src/monitor/ports/failure.ts';
import { CatalogError } from '../../../../src/monitor/ports/look/secret-catalog.ts';

const AWS = { endpointUrl: undefined, region: 'eu-west-1', profile: undefined };
const LOCAL = { ...AWS, endpointUrl: 'http://127.0.0.1:1' };

const failure = (reason: FailureReason): CatalogError =>
  new CatalogError('Cannot list secrets', { reason, retryable: false });

test.each([
  ['denied', 'secretsmanager:ListSecrets', 'aws sts get-caller-identity --region eu-west-1'],
  ['throttled', 'Try again later', 'rotation-monitor sweep --region eu-west-1'],
  ['network', 'Check that the region exists', '--max-results 1 --region eu-west-1'],
  ['timeout', 'Check that the region exists', '--max-results 1 --region eu-west-1'],
  ['server', 'Check that the address belongs to AWS', '--max-results 1 --region eu-west-1'],
] as const)('listingFault says what to do when listing fails for %s', (reason, solve, example) => {
  const { parts } = listingFault(failure(reason), AWS, 0);
  expect(parts.what).toBe('Cannot check the secrets of AWS in eu-west-1');
  expect(parts.solve.join(' ')).toContain(solve);
  expect(parts.example).toContain(example);
});

test('listingFault points to the address where one was named', () => {
  const { parts } = listingFault(failure('network'), LOCAL, 0);
  expect(parts.solve).toEqual(['Check the address, and that something listens there.']);
  expect(parts.example).toContain('--endpoint-url http://127.0.0.1:1 --region eu-west-1');
});

test('listingFault says how far the sweep had come', () => {
  const { parts } = listingFault(failure('server'), AWS, 4200);
  expect(parts.details).toContain('4,200 secrets had been checked before; they are not in any result.');
});
