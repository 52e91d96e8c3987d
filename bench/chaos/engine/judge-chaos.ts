import type { JudgedRun } from '../../../src/proving/court/checks/case.ts';
import { type Judged, judgeRun } from '../../../src/proving/court/judge-run.ts';
import type { ChaosRun } from './run-chaos.ts';

/** Brings a run of the engine before the court: what the world truly did, and what the monitor made of it. */
export const judgeChaos = (run: ChaosRun): Judged => judgeRun(broughtBefore(run));

function broughtBefore({ world, journal, ...run }: ChaosRun): JudgedRun {
  const { secretsManager, sns } = world.simulator;
  return {
    endsAt: run.endsAt,
    sweepEveryMs: run.options.sweepEveryMs,
    listStaleMaxMs: run.faults.listStaleMaxMs,
    describeStaleMaxMs: run.faults.describeStaleMaxMs,
    indexLagMaxMs: run.faults.indexLagMaxMs,
    setsDeadlines: run.setsDeadlines,
    secrets: world.secrets.map((each) => ({
      ...each,
      history: secretsManager.history(each.arn),
      functionBroken: secretsManager.functions.brokenStretches(each.secret.function),
    })),
    said: journal.all(),
    saidOf: (arn) => journal.of(arn),
    emails: sns.inbox,
    told: run.told,
    target: run.target,
    lists: run.trouble.lists,
    outages: run.outages,
    kills: run.trouble.kills,
    arrivedOf: (versionId) => run.arrivals.of(versionId),
  };
}
