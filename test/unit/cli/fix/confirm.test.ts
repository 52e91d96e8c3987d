import { expect, test } from 'vitest';
import { sameAccount } from '../../../../src/cli/fix/confirm.ts';
import { aSecret } from '../../../support/builders.ts';

const { account, arn: secretArn, name: secretName } = aSecret();
const of = (arn: string) => ({ account: arn.split(':')[4] ?? '', arn });
const check = (arn: string) => () => sameAccount({ account, secretArn, secretName }, of(arn));

test('the caller is in the account and partition of the secret', () => {
  expect(check('arn:aws:iam::111122223333:user/alex')()).toMatchObject({ account });
});

test('another account is refused, and so is the same number in another partition', () => {
  expect(check('arn:aws:iam::444455556666:user/alex')).toThrow('Cannot repair');
  expect(check('arn:aws-cn:iam::111122223333:user/alex')).toThrow('Cannot repair');
});
