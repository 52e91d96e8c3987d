import { expect, test } from 'vitest';
import {
  nameTokens,
  parseSearch,
  type Searchable,
} from '../../../../../src/simulator/cloudwatch/math/search-terms.ts';

const metric = (namespace: string, name: string, dimensions: Record<string, string> = {}): Searchable => ({
  namespace,
  name,
  dimensions: Object.entries(dimensions),
});

const found = (search: string, ...metrics: readonly Searchable[]): readonly string[] =>
  metrics
    .filter(parseSearch(search))
    .map(({ name, dimensions }) => [name, ...dimensions.map(([, value]) => value)].join(' '));

/** The examples of AWS. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
test.each([
  ['CustomCount1', ['customcount1', 'custom', 'count', '1']],
  ['SDBFailure', ['sdbfailure', 'sdb', 'failure']],
  ['Project2-trial333', ['project2trial333', 'project', '2', 'trial', '333']],
])('%s has the tokens AWS gives it', (name, tokens) => {
  expect(nameTokens(name)).toEqual(tokens);
});

test.each([
  'count',
  'Count',
  'COUNT',
  'CustomCount',
  'Count1',
  '"CustomCount1"',
  'MetricName="CustomCount1"',
])('%s finds CustomCount1', (search) => {
  expect(found(search, metric('N', 'CustomCount1'))).toEqual(['CustomCount1']);
});

test.each(['couNT', '"customcount1"', '"Custom"', 'Namespace=count', 'MetricName="Count"'])(
  '%s does not find CustomCount1',
  (search) => {
    expect(found(search, metric('N', 'CustomCount1'))).toEqual([]);
  },
);

test.each(['network/errors', 'network+errors', 'network-errors', 'Network_Errors'])(
  '%s finds words beside each other',
  (search) => {
    expect(
      found(
        search,
        metric('N', 'Network-Errors-2'),
        metric('N', 'NetworkErrors2'),
        metric('N', 'Errors-Network'),
      ),
    ).toEqual(['Network-Errors-2', 'NetworkErrors2']);
  },
);

const errors = (FunctionName: string) => metric('AWS/Lambda', 'Errors', { FunctionName });

test('a schema with dimensions finds metrics with exactly these', () => {
  const both = metric('AWS/Lambda', 'Errors', { FunctionName: 'f', Resource: 'f:1' });
  expect(found('{AWS/Lambda,FunctionName}', errors('f'), both, metric('AWS/SQS', 'Errors'))).toEqual([
    'Errors f',
  ]);
  expect(found('{AWS/Lambda}', errors('f'), both)).toHaveLength(2);
  expect(found('{AWS/Lambda, Resource, FunctionName}', both)).toHaveLength(1);
});

test('terms beside each other are joined by AND; OR and NOT and parentheses work', () => {
  const all = [
    errors('rotate-orders'),
    errors('SecretsManagerRotation'),
    errors('deliver'),
    errors('on-rotation-event'),
  ];
  const search = (terms: string) => found(`{AWS/Lambda,FunctionName} ${terms}`, ...all);
  expect(search('MetricName="Errors" (FunctionName=rotate OR FunctionName=SecretsManager)')).toEqual([
    'Errors rotate-orders',
    'Errors SecretsManagerRotation',
  ]);
  expect(search('FunctionName=rotation NOT "on-rotation-event"')).toEqual(['Errors SecretsManagerRotation']);
  expect(search('deliver OR rotate AND orders')).toEqual(['Errors rotate-orders', 'Errors deliver']);
  expect(search('NOT rotation NOT rotate')).toEqual(['Errors deliver']);
});

test('an exact value may have blanks and escaped characters', () => {
  const usage = metric('AWS/Usage', 'CallCount', { Service: 'Secrets Manager', Type: 'a(b)' });
  expect(found('Service="Secrets Manager" MetricName="CallCount"', usage)).toHaveLength(1);
  expect(found('Type="a\\(b\\)"', usage)).toHaveLength(1);
  expect(found('Service="Secrets"', usage)).toEqual([]);
});

test.each(['(a', 'a )', 'NOT', '"open'])('%s cannot be read', (search) => {
  expect(() => parseSearch(search)).toThrow('Error in expression');
});
