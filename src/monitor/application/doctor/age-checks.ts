import { DAY, HOUR, later } from '../../../calendar/instant.ts';
import {
  auditAgeDiagnoses,
  eventAgeDiagnosis,
  memberDiagnosis,
  sweepAgeDiagnosis,
} from '../../domain/doctor/ages.ts';
import type { Check, Doctor } from './check.ts';

const READING_METRICS = ['cloudwatch:GetMetricData'];

/** Time for which a sign of life is looked for. */
const LOOKED_BACK_MS: number = 14 * DAY;

/** Age of the last sweep. */
export const LAST_SWEEP_CHECK: Check<Doctor> = {
  name: 'last-sweep',
  needs: READING_METRICS,
  run: async (doctor) => [
    sweepAgeDiagnosis(doctor.deployed, await newest(doctor, 'SweepHeartbeat', LOOKED_BACK_MS), doctor.now),
  ],
};

/** Age of the last event, beside those that were missed. */
export const LAST_EVENT_CHECK: Check<Doctor> = {
  name: 'last-event',
  needs: READING_METRICS,
  run: async (doctor) => {
    const received = await newest(doctor, 'EventsReceived', LOOKED_BACK_MS);
    const missed = await newest(doctor, 'EventsMissed', DAY);
    return [eventAgeDiagnosis(doctor.deployed, { received, missed }, doctor.now)];
  },
};

/** Age of the last audit. */
export const LAST_AUDIT_CHECK: Check<Doctor> = {
  name: 'last-audit',
  needs: READING_METRICS,
  run: async (doctor) =>
    auditAgeDiagnoses(doctor.deployed, await newest(doctor, 'AuditAge', LOOKED_BACK_MS), doctor.now),
};

/** Whether every member was swept. */
export const MEMBERS_CHECK: Check<Doctor> = {
  name: 'members',
  needs: READING_METRICS,
  run: async (doctor) =>
    doctor.deployed.hasMembers ? [memberDiagnosis(await newest(doctor, 'TargetsNotSwept', HOUR))] : [],
};

const newest = ({ probe, deployed, now }: Doctor, metric: string, withinMs: number) =>
  probe.newest(deployed.metricsNamespace, metric, { from: later(now, -withinMs), until: now });
