import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { FAILURE_MODES } from '../../src/proving/failure-modes/failure-mode-table.ts';
import { forbiddenIn } from '../support/allowed-advice.ts';
import { NAME } from '../support/failure-mode-stage.ts';
import { PLAYS } from '../support/failure-modes.ts';
import { type Played, played, untrueClaims, watchedPlay } from '../support/played.ts';

const historyOf = ({ simulator }: Played) => simulator.secretsManager.history(NAME);

test('every failure mode is played, and F1 to F34 are all there', () => {
  expect(Object.keys(PLAYS)).toEqual(Object.keys(FAILURE_MODES));
  const numbers = Array.from({ length: 34 }, (_, index) => `F${index + 1}`);
  expect(Object.keys(FAILURE_MODES)).toEqual(expect.arrayContaining(numbers));
});

test.each(Object.entries(FAILURE_MODES))('%s is reported as the table says', async (id, mode) => {
  const deployed = await watchedPlay(id);
  const named = id === 'F15' ? '12 secrets' : NAME;
  const mails = deployed.alarming();
  expect(mails.map(({ subject }) => subject)).toEqual(
    mode.told.map(({ code, severity }) => `[${severity}] ${named}: ${code}`),
  );
  for (const [index, { withinMs, isDaily }] of mode.told.entries()) {
    const toldAfterMs = (mails[index]?.at ?? 0) - deployed.beganAt;
    expect(toldAfterMs).toBeLessThanOrEqual(withinMs);
    expect(toldAfterMs).toBeGreaterThan(isDaily ? 0 : withinMs - 10 * MINUTE);
  }
  const last = mails.at(-1)?.message ?? '';
  const { credentialInUse, step, advice, cause } = mode;
  if (credentialInUse !== undefined) {
    expect(last).toContain(`CREDENTIAL IN USE: ${credentialInUse.replaceAll('-', ' ')}`);
  }
  if (step !== undefined)
    expect(last).toMatch(new RegExp(`(last step named is|failed at|had reached) ${step}`));
  if (advice !== undefined) expect(last).toContain(advice);
  if (cause !== undefined) expect(last).toContain(cause);
  for (const { message } of deployed.mails()) expect(forbiddenIn(message)).toEqual([]);
  expect(untrueClaims(deployed.claims, 4 * MINUTE)).toEqual([]);
  expect(deployed.errors()).toBe(0);
});

test.each(
  Object.entries(FAILURE_MODES).flatMap(([id, { credentialInUse }]) =>
    credentialInUse === 'good' || credentialInUse === 'broken' ? [[id, credentialInUse] as const] : [],
  ),
)('%s says that the credential in use is %s, and so it is', async (id, said) => {
  const [last] = historyOf(await watchedPlay(id)).slice(-1);
  const truth = last && currentLogsIn(last);
  if (said === 'good') expect(truth).not.toBe(false);
  else expect(Object.values(last?.stages ?? {}).flat()).not.toContain('AWSCURRENT');
});

const LEFT_PENDING = Object.entries(FAILURE_MODES).flatMap(([id, { told }]) =>
  told.some(({ code }) => code === 'rotation-failed') && id !== 'F15' && id !== 'F6' ? [id] : [],
);

test.each(LEFT_PENDING)(
  '%s is reported as stuck when no event arrives and no history may be read',
  async (id) => {
    const props = { eventHistory: false };
    const deployed = await played(id, { drop: 1, forMs: HOUR + 10 * MINUTE, props });
    const [mail, ...more] = deployed.alarming();
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(`[HIGH] ${NAME}: stuck-pending`);
    expect((mail?.at ?? 0) - deployed.beganAt).toBeLessThanOrEqual(HOUR + 6 * MINUTE);
    const said = id === 'F19' ? 'broken' : 'unknown';
    expect(mail?.message).toContain(`CREDENTIAL IN USE: ${said}`);
    expect(mail?.message).not.toMatch(/usually|unchanged/);
    expect(deployed.claims.length).toBeGreaterThan(0);
    expect(deployed.claims.filter((claim) => claim.said !== said)).toEqual([]);
    expect(untrueClaims(deployed.claims, 0)).toEqual([]);
    expect(forbiddenIn(mail?.message ?? '')).toEqual([]);
  },
);

test.each(['F12', 'F20', 'F20b'])('%s is counted as a flake', async (id) => {
  const { simulator } = await watchedPlay(id);
  expect(simulator.cloudWatch.last('RotationFlakes')).toBe(1);
});

test.each(['F10', 'F27', 'F28b', 'F29', 'N1', 'N3', 'N4'])('%s has moved AWSCURRENT', async (id) => {
  const holders = historyOf(await watchedPlay(id)).map(
    ({ stages }) => Object.keys(stages).find((version) => stages[version]?.includes('AWSCURRENT')) ?? '',
  );
  expect(new Set(holders).size).toBe(2);
});

test('N1 has left AWSPENDING on the version in use', async () => {
  const [last] = historyOf(await watchedPlay('N1')).slice(-1);
  expect(Object.values(last?.stages ?? {})).toContainEqual(
    expect.arrayContaining(['AWSCURRENT', 'AWSPENDING']),
  );
});

test('N2 has shown a pending version apart for a moment', async () => {
  const shown = historyOf(await watchedPlay('N2')).filter(({ stages }) =>
    Object.values(stages).some((labels) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT')),
  );
  expect(shown.length).toBeGreaterThan(0);
});

test('N6 announces its silence once', async () => {
  expect((await watchedPlay('N6')).subjects()).toEqual([`[SILENCED] ${NAME}: rotation-failed`]);
});

test('the alerts about a secret are resolved when it is scheduled for deletion', async () => {
  const deployed = await played('F13');
  await deployed.simulator.call('secretsmanager', 'DeleteSecret', { SecretId: NAME }, 'operator');
  await deployed.simulator.clock.advance(2 * MINUTE);
  const last = deployed.mails().at(-1);
  expect(last?.subject).toBe(`[RESOLVED] ${NAME}: stuck-pending`);
  expect(last?.message).toContain('scheduled for deletion');
});
