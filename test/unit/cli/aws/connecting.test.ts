import { expect, test } from 'vitest';
import { connecting } from '../../../../src/cli/aws/connecting.ts';

test('connecting leaves to the SDK what neither options nor environment name', () => {
  const { connection, place } = connecting({}, { environment: {}, ask: undefined });
  expect(connection).toEqual({
    endpointUrl: undefined,
    region: undefined,
    profile: undefined,
    roleArn: undefined,
    askMfaCode: undefined,
    anyCredentials: false,
  });
  expect(place).toEqual({ endpointUrl: undefined, region: '', profile: undefined });
});

test('connecting lets an option win over the environment', () => {
  const environment = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  const { connection, place } = connecting(
    { region: 'us-east-1', endpointUrl: 'https://x.example' },
    { environment, ask: undefined },
  );
  expect(connection).toMatchObject({
    region: 'us-east-1',
    endpointUrl: 'https://x.example',
    anyCredentials: false,
  });
  expect(place).toMatchObject({ region: 'us-east-1', endpointUrl: 'https://x.example' });
});

test('connecting reads the region as the AWS CLI does', () => {
  expect(
    connecting({}, { environment: { AWS_DEFAULT_REGION: 'eu-west-1' }, ask: undefined }).connection.region,
  ).toBe('eu-west-1');
  expect(
    connecting({}, { environment: { AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, ask: undefined }).connection
      .region,
  ).toBe('a');
  expect(
    connecting({}, { environment: { AWS_REGION: '' }, ask: undefined }).connection.region,
  ).toBeUndefined();
});

test('connecting names the endpoint of the environment without choosing it for the SDK', () => {
  const environment = { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://b' };
  const { connection, place } = connecting({}, { environment, ask: undefined });
  expect([connection.endpointUrl, place.endpointUrl]).toEqual([undefined, 'http://b']);
});

test.each(['http://127.0.0.1:4599', 'http://localhost:1', 'http://127.9.9.9', 'http://[::1]:80'])(
  'any credentials do for %s',
  (endpointUrl) => {
    expect(connecting({ endpointUrl }, { environment: {}, ask: undefined }).connection.anyCredentials).toBe(
      true,
    );
  },
);

test.each([
  'https://secretsmanager.eu-west-1.amazonaws.com',
  'http://127.0.0.1.example.com',
  'http://10.0.0.1',
])('real credentials are needed for %s', (endpointUrl) => {
  expect(connecting({ endpointUrl }, { environment: {}, ask: undefined }).connection.anyCredentials).toBe(
    false,
  );
});

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-a1B2c3';

test('connecting takes the region from the ARN of a secret, unless an option names one', () => {
  const given = { environment: { AWS_REGION: 'eu-west-1' }, ask: undefined };
  expect(connecting({}, given, ARN).place.region).toBe('eu-central-1');
  expect(connecting({ region: 'us-east-1' }, given, ARN).place.region).toBe('us-east-1');
  expect(connecting({}, given, 'prod/db').place.region).toBe('eu-west-1');
});

test('connecting asks the person at the terminal for the code of an MFA device', async () => {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return '123456';
  };
  const { connection } = connecting({ profile: 'mfa' }, { environment: {}, ask });
  expect(await connection.askMfaCode?.('arn:aws:iam::111122223333:mfa/ana')).toBe('123456');
  expect(questions).toEqual(['Code of the MFA device arn:aws:iam::111122223333:mfa/ana: ']);
});

test('who names a profile is not given other credentials, also on the loopback', () => {
  const options = { endpointUrl: 'http://127.0.0.1:1', profile: 'audit' };
  expect(connecting(options, { environment: {}, ask: undefined }).connection.anyCredentials).toBe(false);
});
