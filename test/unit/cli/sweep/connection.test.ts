import { expect, test } from 'vitest';
import { connecting } from '../../../../src/cli/sweep/connection.ts';
import { NOW } from '../../../support/builders.ts';

test('connecting leaves to the SDK what neither options nor environment name', () => {
  const { connection, place } = connecting({}, {});
  expect(connection).toEqual({
    endpointUrl: undefined,
    region: undefined,
    profile: undefined,
    clock: undefined,
    anyCredentials: false,
  });
  expect(place).toEqual({ endpointUrl: undefined, region: '', profile: undefined });
});

test('connecting lets an option win over the environment', () => {
  const environment = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  const { connection, place } = connecting(
    { region: 'us-east-1', endpointUrl: 'https://x.example' },
    environment,
  );
  expect(connection).toMatchObject({
    region: 'us-east-1',
    endpointUrl: 'https://x.example',
    anyCredentials: false,
  });
  expect(place).toMatchObject({ region: 'us-east-1', endpointUrl: 'https://x.example' });
});

test('connecting reads the region as the AWS CLI does', () => {
  expect(connecting({}, { AWS_DEFAULT_REGION: 'eu-west-1' }).connection.region).toBe('eu-west-1');
  expect(connecting({}, { AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }).connection.region).toBe('a');
  expect(connecting({}, { AWS_REGION: '' }).connection.region).toBeUndefined();
});

test('connecting names the endpoint of the environment without choosing it for the SDK', () => {
  const environment = { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://b' };
  const { connection, place } = connecting({}, environment);
  expect([connection.endpointUrl, place.endpointUrl]).toEqual([undefined, 'http://b']);
});

test.each(['http://127.0.0.1:4599', 'http://localhost:1', 'http://127.9.9.9', 'http://[::1]:80'])(
  'any credentials do for %s',
  (endpointUrl) => {
    expect(connecting({ endpointUrl }, {}).connection.anyCredentials).toBe(true);
  },
);

test.each([
  'https://secretsmanager.eu-west-1.amazonaws.com',
  'http://127.0.0.1.example.com',
  'http://10.0.0.1',
])('real credentials are needed for %s', (endpointUrl) => {
  expect(connecting({ endpointUrl }, {}).connection.anyCredentials).toBe(false);
});

test('connecting stops the clock at --now', () => {
  expect(connecting({ now: NOW }, {}).connection.clock?.now()).toBe(NOW);
});
