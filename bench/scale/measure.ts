import { performance } from 'node:perf_hooks';
import { SECOND } from '../../src/calendar/instant.ts';
import type { ScaleOutcome } from './scale-outcome.ts';
import { type ScalePlan, sweepAtScale } from './sweep-at-scale.ts';

/** The plan of a measured sweep, and its outcome. */
export interface MeasuredScale {
  readonly plan: ScalePlan;
  readonly outcome: ScaleOutcome;
  /** Real time of the whole run, the making of the account included. */
  readonly wallMs: number;
}

/**
 * The largest plan: as many secrets as a region of an account may hold. A call takes a second, five times as long as is
 * usual, so that the sweep has to be handed over often.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const PLAN: ScalePlan = {
  secrets: 500_000,
  suspects: 500,
  callMs: SECOND,
  throttled: 0.05,
  churnEvery: 50,
  seed: 1,
};

const began = performance.now();
const outcome = await sweepAtScale(PLAN);
const measured: MeasuredScale = { plan: PLAN, outcome, wallMs: performance.now() - began };
process.stdout.write(JSON.stringify(measured));
