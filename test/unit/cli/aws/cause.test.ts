import { expect, test } from 'vitest';
import { causeOf, isAwsError, originalOf } from '../../../../src/cli/aws/cause.ts';
import { RoleError } from '../../../../src/monitor/adapters/aws/role-error.ts';
import { CatalogError } from '../../../../src/monitor/ports/look/secret-catalog.ts';

/** An error as the SDK makes it. */
const sdkError = (name: string, message = '', status = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

test.each([
  [sdkError('ExpiredTokenException'), 'expired'],
  [sdkError('ExpiredToken', 'The provided token has expired.'), 'expired'],
  [Object.assign(new Error('The SSO session has expired.'), { name: 'CredentialsProviderError' }), 'expired'],
  [sdkError('RequestTimeTooSkewed', '', 403), 'clock-skew'],
  [
    sdkError('InvalidSignatureException', 'Signature not yet current: 20261130T050000Z is still later', 403),
    'clock-skew',
  ],
  [
    sdkError('SignatureDoesNotMatch', 'Signature expired: 20261130T050000Z is now earlier', 403),
    'clock-skew',
  ],
  [
    sdkError('SignatureDoesNotMatch', 'The request signature we calculated does not match', 403),
    'bad-credentials',
  ],
  [sdkError('UnrecognizedClientException'), 'bad-credentials'],
  [sdkError('AccessDeniedException'), 'denied'],
  [sdkError('ThrottlingException'), 'throttled'],
  [
    Object.assign(new Error('socket closed'), { name: 'AggregateError', code: 'ECONNREFUSED' }),
    'unreachable',
  ],
  [Object.assign(new Error('socket closed'), { name: 'TimeoutError' }), 'silent'],
  [sdkError('ResourceNotFoundException'), 'not-found'],
  [sdkError('ValidationException'), 'invalid'],
  [sdkError('InternalServiceError', '', 500), 'server'],
] as const)('causeOf finds out that %s means %s', (error, cause) => {
  expect(causeOf(error)).toBe(cause);
  expect(causeOf(new RoleError('arn:aws:iam::111122223333:role/reader', error))).toBe(cause);
});

test('causeOf goes by the error behind that of a port, and by its reason where there is none', () => {
  const details = { reason: 'denied', retryable: false } as const;
  expect(causeOf(new CatalogError('Cannot', { ...details, cause: sdkError('ExpiredToken') }))).toBe(
    'expired',
  );
  expect(causeOf(new CatalogError('Cannot', details))).toBe('denied');
});

test('isAwsError distinguishes refusals of AWS from mistakes of the program', () => {
  const refused = sdkError('AccessDeniedException');
  expect([refused, new RoleError('arn', refused)].map(isAwsError)).toEqual([true, true]);
  expect(isAwsError(new TypeError('x is not a function'))).toBe(false);
  expect(originalOf(new RoleError('arn', refused))).toBe(refused);
});
