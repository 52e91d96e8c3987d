import { expect, test } from 'vitest';
import { forbiddenAdvice } from '../../../../../src/proving/court/checks/bad-advice.ts';

const CURRENT = 'v1';
const PENDING = 'v2';
const PROOF = 'First prove that AWSCURRENT still logs in. Only if it does, remove AWSPENDING.';
const TESTED = 'Only if that answers without an error, let the function finish.';

const label = (stage: string, rest: string): string =>
  `aws secretsmanager update-secret-version-stage --version-stage ${stage} ${rest}`;
const step = (name: string): string =>
  `aws lambda invoke answer.json <<< '{"Step":"${name}","ClientRequestToken":"${PENDING}"}'`;
const keep = label('rotation-rescue', `--move-to-version-id ${PENDING}`);
const remove = label('AWSPENDING', `--remove-from-version-id ${PENDING}`);
const free = label('rotation-rescue', `--remove-from-version-id ${PENDING}`);
const promote = (id: string): string => label('AWSCURRENT', `--move-to-version-id ${id}`);

type Steps = readonly (readonly [string, ...string[]])[];

function judged(steps: Steps, { setBegun = true, managed = false, labels = [] as readonly string[] } = {}) {
  const advice = steps.map(([text, ...commands]) => ({ text, commands }));
  return forbiddenAdvice(advice, {
    managed,
    setBegun: () => setBegun,
    labels: (id) => (id === CURRENT ? ['AWSCURRENT'] : labels),
    currentId: CURRENT,
  });
}

test.each<[string, Steps]>([
  [
    'a proof, then a label, then the removal',
    [
      [PROOF, keep, remove],
      ['In the end.', free],
    ],
  ],
  [
    'a test, then the end of the rotation',
    [
      ['Prove.', step('testSecret')],
      [TESTED, step('finishSecret')],
    ],
  ],
  [
    'a label that makes way and comes back',
    [
      ['If it answered "not enabled for rotation", take it off.', keep, remove],
      ['Then put it back.', label('AWSPENDING', `--move-to-version-id ${PENDING}`), step('testSecret')],
      ['In the end.', free],
    ],
  ],
  [
    'taking it off a version that was proven not to log in',
    [
      ['Keep it and test.', keep, step('testSecret')],
      ['If testSecret fails, remove AWSPENDING again.', remove],
      ['In the end.', free],
    ],
  ],
])('%s is allowed', (_case, steps) => {
  expect(judged(steps)).toEqual([]);
});

test('a version that carries the label already needs no second one', () => {
  expect(
    judged(
      [
        [PROOF, remove],
        ['In the end.', free],
      ],
      { labels: ['rotation-rescue-2'] },
    ),
  ).toEqual([]);
});

test.each<[string, Steps, Parameters<typeof judged>[1]?]>([
  ['reading the value', [['Read.', 'aws secretsmanager get-secret-value --secret-id app/db']]],
  ['cancelling', [['Stop.', 'aws secretsmanager cancel-rotate-secret --secret-id app/db']]],
  ['deleting', [['Delete.', 'aws lambda delete-function --function-name rotate']]],
  [
    'a promotion before setSecret',
    [
      ['Prove.', step('testSecret')],
      [TESTED, step('finishSecret')],
    ],
    { setBegun: false },
  ],
  ['a promotion without proof', [[TESTED, step('finishSecret')]]],
  [
    'a promotion without a condition',
    [
      ['Prove.', step('testSecret')],
      ['Finish.', step('finishSecret')],
    ],
  ],
  [
    'moving AWSCURRENT back',
    [
      ['Prove.', step('testSecret')],
      [TESTED, promote(CURRENT)],
    ],
  ],
  [
    'a removal without proof',
    [
      ['Take it off.', keep, remove],
      ['In the end.', free],
    ],
  ],
  [
    'a removal without a label of our own',
    [
      [PROOF, remove],
      ['In the end.', free],
    ],
  ],
  [
    'a label put on too late',
    [
      [PROOF, remove, keep],
      ['In the end.', free],
    ],
  ],
  ['a label that stays', [[PROOF, keep, remove]]],
  [
    'the labels of a managed rotation',
    [
      [PROOF, keep, remove],
      ['In the end.', free],
    ],
    { managed: true },
  ],
  ['rotating a managed secret', [['Rotate.', 'aws secretsmanager rotate-secret']], { managed: true }],
])('%s is forbidden', (_case, steps, known = {}) => {
  expect(judged(steps, known)).not.toEqual([]);
});
