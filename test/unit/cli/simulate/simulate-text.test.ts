import { expect, test } from 'vitest';
import { simulateText } from '../../../../src/cli/simulate/simulate-text.ts';
import { shellWords } from '../../../support/shell-words.ts';

const RUNNING = {
  endpoint: 'http://127.0.0.1:4599',
  home: { account: '111122223333', region: 'eu-west-1' },
  functions: ['rotate', 'fail-at-set-secret'],
  remote: [],
  secrets: [],
};

test('simulateText has the lines that lead AWS CLI and SDKs to the simulator', () => {
  const exports = simulateText(RUNNING)
    .split('\n')
    .filter((line) => line.startsWith('export '));
  expect(exports).toEqual([
    'export AWS_ENDPOINT_URL=http://127.0.0.1:4599',
    'export AWS_REGION=eu-west-1',
    'export AWS_DEFAULT_REGION=eu-west-1',
    'export AWS_ACCESS_KEY_ID=operator',
    'export AWS_SECRET_ACCESS_KEY=simulated',
  ]);
});

test('simulateText suggests commands that a shell can read', () => {
  const commands = simulateText(RUNNING)
    .split('\n')
    .filter((line) => line.startsWith('aws '));
  expect(commands.map((line) => shellWords(line)[2])).toEqual([
    'create-secret',
    'rotate-secret',
    'describe-secret',
    'list-secrets',
  ]);
});

test('simulateText starts from the secrets of a scenario, and cuts long lists with a count', () => {
  const secrets = Array.from({ length: 25 }, (_, index) => `prod/${index}`);
  const text = simulateText({ ...RUNNING, functions: ['own'], secrets });
  expect(text).toContain('prod/19 and 5 more\n');
  expect(text).toContain('aws secretsmanager describe-secret --secret-id prod/0\n');
  expect(text).not.toContain('create-secret');
  expect(text).not.toContain('rotate-secret');
});

test('simulateText gives a function that runs elsewhere its endpoint, and its name as access key id', () => {
  const remote = [{ name: 'rotate-orders', url: 'http://127.0.0.1:9000' }];
  expect(simulateText({ ...RUNNING, remote })).toContain(
    `rotate-orders runs at http://127.0.0.1:9000. Give it:
AWS_ENDPOINT_URL=http://127.0.0.1:4599 AWS_ACCESS_KEY_ID=rotate-orders AWS_SECRET_ACCESS_KEY=simulated
The official templates read SECRETS_MANAGER_ENDPOINT=http://127.0.0.1:4599
`,
  );
});
