import { expect, test } from 'vitest';
import { lackOfCredentials, regionOf } from '../../../../../src/monitor/adapters/aws/client-readiness.ts';

const client = (settings: { region?: string; credentials?: object }) => ({
  config: {
    region: async () => settings.region ?? Promise.reject(new Error('Region is missing')),
    credentials: async () => settings.credentials ?? Promise.reject(new Error('No credentials')),
  },
});

test('regionOf is the region, or why there is none', async () => {
  expect(await regionOf(client({ region: 'eu-west-1' }))).toEqual({ value: 'eu-west-1' });
  expect(await regionOf(client({}))).toEqual({ missing: 'Region is missing' });
});

test('lackOfCredentials is undefined when there are some, whatever they are', async () => {
  expect(await lackOfCredentials(client({ credentials: {} }))).toBeUndefined();
  expect(await lackOfCredentials(client({}))).toBe('No credentials');
});
