import { expect, test } from 'vitest';
import { operand, withOptions } from '../../../../src/cli/terminal/operand.ts';

test.each([
  ['prod/db', 'explain prod/db --region eu-west-1'],
  ['x; rm -rf /', "explain 'x; rm -rf /' --region eu-west-1"],
  ['a -- b', "explain 'a -- b' --region eu-west-1"],
  ['-prod/db', 'explain --region eu-west-1 -- -prod/db'],
  ['--apply', 'explain --region eu-west-1 -- --apply'],
])('the value %s stays one, and the options stay options', (value, line) => {
  expect(withOptions(`explain ${operand(value)}`, '--region eu-west-1')).toBe(line);
});
