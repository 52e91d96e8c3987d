import { expect, test } from 'vitest';
import { later } from '../../../../../src/calendar/instant.ts';
import * as command from '../../../../../src/monitor/domain/explain/commands.ts';
import * as functions from '../../../../../src/monitor/domain/explain/function-commands.ts';
import { arn, aSecret, CURRENT, NOW, PENDING, PENDING_APART } from '../../../../support/builders.ts';
import { shellWords } from '../../../../support/shell-words.ts';

const secret = aSecret();
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders-db';
const ID = `--secret-id ${secret.arn}`;

test.each([
  [command.describeSecret(secret), `aws secretsmanager describe-secret ${ID} --region eu-west-1`],
  [
    command.listVersions(secret),
    `aws secretsmanager list-secret-version-ids ${ID} --include-deprecated --region eu-west-1`,
  ],
  [command.rotateSecret(secret), `aws secretsmanager rotate-secret ${ID} --region eu-west-1`],
  [
    command.removePending(secret, PENDING),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage AWSPENDING --remove-from-version-id ${PENDING} --region eu-west-1`,
  ],
  [
    command.restorePending(secret, PENDING),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage AWSPENDING --move-to-version-id ${PENDING} --region eu-west-1`,
  ],
  [
    command.restorePending(
      aSecret({ versionStages: { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'], [PENDING]: [] } }),
      PENDING,
    ),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage AWSPENDING --move-to-version-id ${PENDING} --remove-from-version-id ${CURRENT} --region eu-west-1`,
  ],
  [
    // A rotation in progress keeps its label.
    command.restorePending(aSecret({ versionStages: PENDING_APART }), CURRENT),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage AWSPENDING --move-to-version-id ${CURRENT} --region eu-west-1`,
  ],
  [
    command.promote(secret, PENDING, CURRENT),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage AWSCURRENT --move-to-version-id ${PENDING} --remove-from-version-id ${CURRENT} --region eu-west-1`,
  ],
  [
    command.promote(secret, PENDING, undefined),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage AWSCURRENT --move-to-version-id ${PENDING} --region eu-west-1`,
  ],
  [
    functions.invokeStep(secret, functionArn, 'testSecret', PENDING),
    `aws lambda invoke --function-name ${functionArn} --payload fileb:///dev/stdin --cli-read-timeout 0 --region eu-west-1 testSecret.json <<< '{"Step":"testSecret","SecretId":"${secret.arn}","ClientRequestToken":"${PENDING}"}'`,
  ],
  [
    functions.showLogs(secret, functions.usualLogGroup(`${functionArn}:live`), NOW),
    `aws logs filter-log-events --log-group-name /aws/lambda/rotate-orders-db --start-time ${NOW} --query 'events[].message' --output text --region eu-west-1`,
  ],
  [
    functions.showFunctionPolicy(secret, functionArn),
    `aws lambda get-policy --function-name ${functionArn} --region eu-west-1`,
  ],
  [
    functions.showLogGroup(secret, `${functionArn}:live`),
    `aws lambda get-function-configuration --function-name ${functionArn}:live --query LoggingConfig.LogGroup --output text --region eu-west-1`,
  ],
  [
    functions.releaseConcurrency(secret, `${functionArn}:live`),
    `aws lambda delete-function-concurrency --function-name ${functionArn} --region eu-west-1`,
  ],
  [
    command.putLabel(secret, 'rotation-rescue', PENDING),
    `aws secretsmanager update-secret-version-stage ${ID} --version-stage rotation-rescue --move-to-version-id ${PENDING} --region eu-west-1`,
  ],
  [
    command.lookUpCalls(secret),
    `aws cloudtrail lookup-events --lookup-attributes 'AttributeKey=ResourceName,AttributeValue=${secret.arn}' --region eu-west-1`,
  ],
])('%s', (made, expected) => {
  expect(made).toBe(expected);
});

test('an odd secret name stays one word', () => {
  const odd = arn("arn:aws:secretsmanager:eu-west-1:111122223333:secret:it's $(x) & more-AbCdEf");
  expect(shellWords(command.rotateSecret(aSecret({ arn: odd })))).toContain(odd);
});

test('the database of a secret is searched by the ARN, quotes and all', () => {
  expect(command.findDatabase(secret).map((found) => shellWords(found).slice(2, 5))).toEqual([
    [
      'describe-db-instances',
      '--query',
      `DBInstances[?MasterUserSecret.SecretArn=='${secret.arn}'].[DBInstanceIdentifier,MasterUserSecret.SecretStatus]`,
    ],
    [
      'describe-db-clusters',
      '--query',
      `DBClusters[?MasterUserSecret.SecretArn=='${secret.arn}'].[DBClusterIdentifier,MasterUserSecret.SecretStatus]`,
    ],
  ]);
});

test('a function that is no ARN is taken for a name', () => {
  expect(functions.usualLogGroup('rotate')).toBe('/aws/lambda/rotate');
});

test('a permission given later has another name', () => {
  const [first, second] = [NOW, later(NOW, 1)].map((at) => functions.permitRotation(secret, functionArn, at));
  expect(first).toMatch(/--statement-id SecretsManagerRotation-\d+ /);
  expect(first).not.toBe(second);
});

test.each([
  '--endpoint-url=http://evil.example/x',
  'file:///home/operator/.aws/credentials',
  'http://evil.example/another-version',
])('a version id that the CLI would take for something else stands within JSON: %s', (versionId) => {
  const made = [
    [command.restorePending(secret, versionId), { VersionStage: 'AWSPENDING', MoveToVersionId: versionId }],
    [
      command.removePending(secret, versionId),
      { VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId },
    ],
    [
      command.promote(secret, versionId, CURRENT),
      { VersionStage: 'AWSCURRENT', MoveToVersionId: versionId, RemoveFromVersionId: CURRENT },
    ],
  ] as const;
  for (const [text, move] of made) {
    const words = shellWords(text);
    expect(words.slice(0, 4)).toEqual([
      'aws',
      'secretsmanager',
      'update-secret-version-stage',
      '--cli-input-json',
    ]);
    expect(JSON.parse(words[4] ?? '')).toEqual({ SecretId: secret.arn, ...move });
    expect(words).not.toContain(versionId);
  }
});

test('so does a label', () => {
  const [, , , , json = ''] = shellWords(command.removeLabel(secret, '--no-label-at-all', PENDING));
  expect(JSON.parse(json)).toMatchObject({ VersionStage: '--no-label-at-all' });
});
