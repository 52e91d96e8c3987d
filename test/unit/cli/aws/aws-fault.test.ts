import { expect, test } from 'vitest';
import { type Attempted, awsFault, notConnected } from '../../../../src/cli/aws/aws-fault.ts';
import { RoleError } from '../../../../src/monitor/adapters/aws/role-error.ts';

const AWS = { endpointUrl: undefined, region: 'eu-west-1', profile: undefined };
const ATTEMPTED: Attempted = {
  what: 'Cannot explain the secret',
  place: AWS,
  needs: ['secretsmanager:DescribeSecret', 'secretsmanager:ListSecrets'],
  command: 'rotation-monitor explain prod/db',
};

const refused = (name: string, message = 'No.'): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

test.each([
  ['ExpiredTokenException', 'log in again', 'aws sso login'],
  ['RequestTimeTooSkewed', 'The clock of this machine', 'date -u'],
  ['UnrecognizedClientException', 'AWS rejects these credentials', 'aws sts get-caller-identity'],
  [
    'AccessDeniedException',
    'may call secretsmanager:DescribeSecret and secretsmanager:ListSecrets',
    'aws sts get-caller-identity',
  ],
  ['ThrottlingException', 'Try again later', 'rotation-monitor explain prod/db --region eu-west-1'],
  ['TimeoutError', 'Check that the region exists', '--max-results 1 --region eu-west-1'],
  ['InternalServiceError', 'Check that the address belongs to AWS', '--max-results 1 --region eu-west-1'],
])('awsFault says what to do about %s', (name, solve, example) => {
  const { parts } = awsFault(refused(name), ATTEMPTED);
  expect(parts).toMatchObject({ what: 'Cannot explain the secret', details: ['No.'] });
  expect(parts.solve.join(' ')).toContain(solve);
  expect(parts.example).toContain(example);
});

test('awsFault points to the address where one was named, and to the profile', () => {
  const place = { endpointUrl: 'http://127.0.0.1:1', region: 'eu-west-1', profile: 'audit' };
  const unreachable = Object.assign(new Error('socket closed'), { code: 'ECONNREFUSED' });
  const { parts } = awsFault(unreachable, { ...ATTEMPTED, place });
  expect(parts).toMatchObject({
    solve: ['Check the address, and that something listens there.'],
  });
  expect(awsFault(refused('ExpiredToken'), { ...ATTEMPTED, place }).parts.example).toBe(
    'aws sso login --profile audit',
  );
});

test('awsFault names the permission to assume a role that was not given', () => {
  const error = new RoleError('arn:aws:iam::111122223333:role/reader', refused('AccessDenied', 'Not you.'));
  expect(awsFault(error, ATTEMPTED).parts).toMatchObject({
    details: ['Cannot assume arn:aws:iam::111122223333:role/reader.', 'It said: Not you.'],
    solve: ['Check that the credentials may call sts:AssumeRole.'],
  });
});

test('notConnected distinguishes a missing region from missing credentials', () => {
  const region = notConnected({ kind: 'no-region', reason: 'Region is missing' }, ATTEMPTED);
  expect(region.parts).toMatchObject({
    what: 'Cannot explain the secret: no region is known',
    details: ['Region is missing.'],
    example: 'rotation-monitor explain prod/db --region eu-west-1',
  });
  const place = { ...AWS, profile: 'audit' };
  const credentials = notConnected({ kind: 'no-credentials', reason: 'None.' }, { ...ATTEMPTED, place });
  expect(credentials.parts).toMatchObject({ details: ['None (profile "audit").'] });
});

test.each([
  [
    'Profile mfa requires multi-factor authentication, but no MFA code callback was provided.',
    'aws sts get-caller-identity --profile audit',
  ],
  [
    'The SSO session token associated with profile=sso was not found or is invalid.',
    'aws sso login --profile audit',
  ],
  ['The credential_process of the profile failed', 'aws configure export-credentials --profile audit'],
  [
    'Could not resolve credentials using profile: [audit] in configuration/credentials file(s).',
    'aws configure list-profiles',
  ],
])('notConnected names the remedy for: %s', (reason, example) => {
  const place = { ...AWS, profile: 'audit' };
  expect(notConnected({ kind: 'no-credentials', reason }, { ...ATTEMPTED, place }).parts).toMatchObject({
    example,
  });
});
