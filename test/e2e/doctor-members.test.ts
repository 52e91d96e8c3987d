import { expect, onTestFinished, test } from 'vitest';
import { formatInstant, MINUTE } from '../../src/calendar/instant.ts';
import { at } from '../support/builders.ts';
import { CENTRAL, MEMBER, openOrganization } from '../support/organization.ts';
import { runCommand } from '../support/run-command.ts';
import { deployOrganization } from '../support/template/deployed-organization.ts';

/** A home that watches an account, and what the doctor says of it. */
async function organized() {
  const organization = openOrganization(at('2026-11-01T01:55:00Z'));
  const members = [{ accounts: [MEMBER.account], regions: [CENTRAL.region] }];
  const { join } = await deployOrganization(organization, { members, organizationId: 'o-simulated1' });
  const home = organization.at(CENTRAL);
  const { endpoint, close } = await home.listen({ port: 0 });
  onTestFinished(close);
  const complaints = async () => {
    const now = ['--now', formatInstant(organization.clock.now())];
    const { out, err } = await runCommand([
      'doctor',
      '--json',
      '--endpoint-url',
      endpoint,
      '--region',
      CENTRAL.region,
      ...now,
    ]);
    expect(err).toBe('');
    const { diagnoses } = JSON.parse(out) as { diagnoses: { check: string; health: string; what: string }[] };
    return diagnoses
      .filter(({ health }) => health !== 'ok')
      .map(({ check, health, what }) => `${check} ${health}: ${what}`);
  };
  return { organization, join, complaints };
}

test('a home whose member is swept has no line', async () => {
  const { organization, join, complaints } = await organized();
  await join(MEMBER);
  await organization.clock.advance(30 * MINUTE);
  expect(await complaints()).toEqual([]);
});

test('a member without its role is found by the records of the sweeps', async () => {
  const { organization, complaints } = await organized();
  await organization.clock.advance(60 * MINUTE);
  expect(await complaints()).toContain('members fail: Accounts and regions that are not swept: 1.');
});
