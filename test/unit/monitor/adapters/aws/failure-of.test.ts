import { expect, test } from 'vitest';
import { failureOf, isForbidden } from '../../../../../src/monitor/adapters/aws/failure-of.ts';
import { RoleError } from '../../../../../src/monitor/adapters/aws/role-error.ts';

/** An error as an SDK client throws it. */
const sdkError = (name: string, httpStatusCode?: number): Error =>
  Object.assign(new Error('in the words of the service'), { name, $metadata: { httpStatusCode } });

test.each([
  ['AccessDeniedException', 400, 'denied', false],
  ['AuthorizationErrorException', 403, 'denied', false],
  ['ExpiredTokenException', 400, 'denied', false],
  ['SomethingNew', 403, 'denied', false],
  ['ResourceNotFoundException', 400, 'not-found', false],
  ['NoSuchEntityException', 404, 'not-found', false],
  ['ValidationException', 400, 'invalid', false],
  ['ThrottlingException', 400, 'throttled', true],
  ['TooManyRequestsException', 429, 'throttled', true],
  ['TimeoutError', undefined, 'timeout', true],
  ['InternalServiceError', 500, 'server', true],
])('%s with status %s is %s, and may succeed later: %s', (name, status, reason, retryable) => {
  expect(failureOf(sdkError(name, status))).toEqual({ reason, retryable });
});

test('a session that is over does not show what its caller may do', () => {
  const codes = [
    'AccessDeniedException',
    'ExpiredTokenException',
    'InvalidSignatureException',
    'RequestTimeTooSkewed',
    'RequestInTheFuture',
    'SomethingNew',
  ];
  expect(codes.filter((code) => isForbidden(sdkError(code, 403)))).toEqual([
    'AccessDeniedException',
    'SomethingNew',
  ]);
});

test('what keeps a role from being assumed counts as if the call had met it', () => {
  const denied = new RoleError('arn:aws:iam::444455556666:role/monitor', sdkError('AccessDenied', 403));
  expect(failureOf(denied)).toEqual({ reason: 'denied', retryable: false });
});
