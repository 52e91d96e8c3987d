import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Contract suites of the tests, run on software of others. `npm test` does not know them. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['peers/contract/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  },
});

export default config;
