import pc from 'picocolors';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/calendar/instant.ts';
import { planText, reportText } from '../../../../src/cli/fix/fix-text.ts';
import type { RepairPlan } from '../../../../src/monitor/domain/repair/repair-plan.ts';
import { aRepairer } from '../../../support/repairing.ts';
import { aSimulator } from '../../../support/simulated.ts';

const WIDE = { colors: pc.createColors(false), columns: 1000 };
/** A version id as somebody may choose it. */
const HOSTILE = 'x\n\u001B[2J\u202ENOTHING IS WRONG 0123456789';

/** The repair of a rotation that failed at testSecret. */
async function planned() {
  const simulator = aSimulator();
  const { functions } = simulator.secretsManager;
  functions.register({ name: 'rotate', behaviour: 'error', step: 'testSecret' });
  simulator.secretsManager.seed({ name: 'app/db', kind: 'function', function: 'rotate', schedule: 30 });
  const token = { SecretId: 'app/db', ClientRequestToken: 'c'.repeat(32) };
  await simulator.call('secretsmanager', 'RotateSecret', token, 'operator');
  await simulator.clock.advance(2 * HOUR);
  functions.register({ name: 'rotate', behaviour: 'healthy' });
  await simulator.clock.advance(MINUTE);
  const { view, proposal } = await aRepairer(simulator).propose('app/db');
  if (proposal.kind !== 'plan') throw new Error(`No repair is planned: ${proposal.kind}`);
  const recording = { state: 'no-monitor', why: 'none is deployed', log: undefined } as const;
  return {
    view,
    plan: proposal.plan,
    recording,
    asked: { deployment: undefined, answer: undefined, notAsked: undefined },
  };
}

test('the plan for a version that was given up says so, and when there is nothing to repair', async () => {
  const said = /was given up before.* If AWSCURRENT logs in,? .*rotate/;
  const known = await planned();
  const { view, plan } = known;
  const restore = { kind: 'restore', label: 'AWSPENDING', to: plan.pending } as const;
  const again = { ...plan, calls: [restore, ...plan.calls] };
  const kept = (label: string) => {
    const versionStages = { ...view.secret.versionStages, [plan.pending]: [label] };
    return planText(
      { ...known, plan: again, view: { ...view, secret: { ...view.secret, versionStages } } },
      WIDE,
    );
  };
  expect(kept('rotation-rescue')).toMatch(said);
  expect(kept('of-our-own')).not.toMatch(said);
  expect(planText(known, WIDE)).not.toMatch(said);
});

const hostile = (plan: RepairPlan): RepairPlan => ({ ...plan, current: HOSTILE, pending: HOSTILE });
const STEERING = /[^\P{C}\n]/u;

test('a plan shows ids of versions that steer a terminal as plain text within its line', async () => {
  const known = await planned();
  const lines = (plan: RepairPlan): number => planText({ ...known, plan }, WIDE).split('\n').length;
  const text = planText({ ...known, plan: hostile(known.plan) }, WIDE);
  expect(text).toContain('NOTHING IS WRONG');
  expect(text).not.toMatch(STEERING);
  expect(lines(hostile(known.plan))).toBe(lines(known.plan));
});

test('so does the report on a repair', async () => {
  const known = await planned();
  const sent = known.plan.calls.map((call) => ({ call, state: 'done' as const, because: HOSTILE }));
  const stages = { [HOSTILE]: ['AWSCURRENT', HOSTILE] };
  const report = { outcome: 'stopped', because: HOSTILE, sent, stages } as const;
  expect(reportText(report, { ...known, plan: hostile(known.plan) }, WIDE)).not.toMatch(STEERING);
});
