import { expect, test } from 'vitest';
import { adapted } from '../../../../bench/chaos/engine/adapt-advice.ts';

const FIRST = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/first-AbCdEf';
const OWN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/own-GhIjKl';

const advice = (arn: string, pending: string, current: string) => [
  { text: 'Look at the log.', commands: ['aws logs filter-log-events --log-group-name /aws/lambda/rotate'] },
  {
    text: 'Prove it, then finish.',
    commands: [
      `aws lambda invoke --payload fileb:///dev/stdin out.json <<< '{"Step":"testSecret","SecretId":"${arn}","ClientRequestToken":"${pending}"}'`,
      `aws secretsmanager update-secret-version-stage --secret-id ${arn} --version-stage AWSCURRENT --move-to-version-id ${pending} --remove-from-version-id ${current}`,
      `aws secretsmanager update-secret-version-stage --secret-id ${arn} --version-stage AWSPENDING --remove-from-version-id ${pending}`,
    ],
  },
];

const IDS: readonly (readonly [string, string, string])[] = [
  ['UUIDs', '0f5b2c1e-1111-4111-8111-000000000001', '0f5b2c1e-1111-4111-8111-000000000002'],
  ['of Terraform', 'terraform-20260122045848689200000001', 'terraform-20260122045848689200000002'],
  [
    'with a dollar sign',
    '$&-token-of-forty-characters-1234567890',
    '$1-token-of-forty-characters-0987654321',
  ],
];

test.each(IDS)(
  'advice about another secret names its own versions, ids %s',
  (_what, pendingId, currentId) => {
    const told = advice(
      FIRST,
      'terraform-20260101000000000000000009',
      '0f5b2c1e-1111-4111-8111-000000000009',
    );
    const own = { arn: OWN, pendingId, currentId };
    expect(adapted(told, own)).toEqual(advice(OWN, pendingId, currentId));
  },
);

test('steps about a version that is not there are left out', () => {
  const told = advice(FIRST, 'terraform-20260101000000000000000009', 'terraform-20260101000000000000000008');
  expect(adapted(told, { arn: OWN, pendingId: undefined, currentId: undefined })).toEqual([told[0]]);
});

test('advice about the secret itself stays as it is', () => {
  const told = advice(OWN, 'terraform-20260101000000000000000009', 'terraform-20260101000000000000000008');
  expect(adapted(told, { arn: OWN, pendingId: 'other', currentId: undefined })).toEqual(told);
});
