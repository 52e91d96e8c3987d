import { expect, test } from 'vitest';
import { pageOf, tableOf } from '../../../../peers/support/page.ts';
import { type Outcome, outcomeOf, type Peer } from '../../../../peers/support/peer.ts';

const PEER: Peer = {
  name: 'peer',
  software: 'Peer',
  version: '1.0.0',
  from: 'PyPI',
  against: '`simulate`',
  needs: [],
  limits: 'Dates are not compared.',
  explained: [{ cases: /^a$/, why: 'The peer is wrong.', source: 'https://docs.aws.amazon.com/' }],
  install: async () => undefined,
  run: async () => [],
};
const SKIPPED: Outcome = {
  peer: { ...PEER, software: 'Other', version: '2', from: 'npm' },
  skipped: 'it is not there',
  cases: 0,
  differences: [],
  stale: [],
  notes: [],
  isHeld: true,
};
const CASES = [
  { name: 'a', theirs: 1, ours: 2 },
  { name: 'b', theirs: 1, ours: 1 },
];

const outcome = (isHeld: boolean) => outcomeOf(PEER, { cases: CASES, notes: ['A read took 1 ms.'], isHeld });
const page = (isHeld: boolean) => pageOf([outcome(isHeld)], '2026-11-30');

test('the table counts what agrees, and says why a peer was skipped', () => {
  expect(
    tableOf([outcome(true), SKIPPED])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| Peer | 1.0.0 | PyPI | `simulate` | 2 | 1 | 1 |  |',
    '| Other | 2 | npm | `simulate` | 0 | – | – | it is not there |',
  ]);
});

test('the page shows explanations, figures and limits', () => {
  for (const text of [
    '- The peer is wrong. (1 case; https://docs.aws.amazon.com/)',
    '- **Peer**: A read took 1 ms.',
    '- **Peer**: Dates are not compared.',
    'written by the run of 2026-11-30',
  ])
    expect(page(true)).toContain(text);
});

test.each([
  [true, 'Once installed, each peer ran in a network namespace that has loopback alone.'],
  [false, 'Nothing held the peers of this run to loopback.'],
])('the page says whether the peers were held to loopback: %s', (isHeld, text) => {
  expect(page(isHeld)).toContain(text);
});
