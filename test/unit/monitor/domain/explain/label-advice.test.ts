import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { Finding } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import {
  anEvidence,
  aPending,
  aSecret,
  CURRENT,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';

const stuck: Finding = {
  code: 'stuck-pending',
  severity: 'HIGH',
  since: later(NOW, -2 * HOUR),
  pendingVersionId: PENDING,
  what: 'It is stuck.',
};
const atCreate = anEvidence('rotation-failed', HOUR, { step: 'createSecret' });
const put = (versionId: string) =>
  anEvidence('secret-changed', 30 * MINUTE, { operation: 'PutSecretValue', versionId });

function told(...evidence: readonly Evidence[]) {
  const { advice, credentialInUse } = explain(stuck, facts({ pending: aPending(2 * HOUR), evidence }), NOW);
  return {
    credentialInUse,
    removal: advice.find(({ commands }) => commands.some((line) => line.includes('AWSPENDING --remove-from')))
      ?.text,
  };
}

test('a value put into the pending version shows that createSecret is done: how far it came since is unknown', () => {
  expect(told(atCreate, put(PENDING)).credentialInUse).toBe('unknown');
  expect(told(atCreate, put(PREVIOUS)).credentialInUse).toBe('good');
});

test('AWSPENDING never comes off without proof: the event of a later attempt may have been lost', () => {
  expect(told(atCreate).removal).toContain('setSecret had not begun');
  for (const evidence of [[atCreate], [atCreate, put(PENDING)], []]) {
    expect(told(...evidence).removal).toMatch(/prove that AWSCURRENT still logs in.*Only if it does/s);
  }
});

test('a label that keeps a lost version is never one to free, however full the secret is', () => {
  const labels = Array.from({ length: 16 }, (_, index) => `build-${index}`);
  const versionStages = {
    [PREVIOUS]: ['rotation-rescue', 'rotation-rescue-2'],
    [PENDING]: ['AWSPENDING'],
    [CURRENT]: ['AWSCURRENT', ...labels],
  };
  const known = { secret: aSecret({ versionStages }), pending: aPending(2 * HOUR), evidence: [atCreate] };
  const { advice } = explain(stuck, facts(known), NOW);
  const [first, second] = advice.filter(
    ({ text }) => text.includes('All 20 staging labels') || text.includes('If it is build-0'),
  );
  expect(first?.text).toMatch(/unused: build-0, .* Keep rotation-rescue, rotation-rescue-2: /);
  expect(second?.commands.join()).toContain('build-0');
});
