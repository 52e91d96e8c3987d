import type { Checking } from '../../application/look/check-secret.ts';
import type { Examining } from '../../application/look/examiner.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';
import { basics } from './basics.ts';
import { deadlines } from './deadlines.ts';
import { examination } from './examination.ts';
import { membership } from './members.ts';
import { secrets } from './secrets.ts';
import { table } from './table.ts';
import { waking } from './waking.ts';

/** Makes the parts of every use case that judges secrets: here, and in other accounts and regions. */
export const checking = (
  joints: Joints,
): Omit<Checking, 'examine'> &
  Examining &
  Pick<Service, 'moves' | 'changes' | 'accessTo' | 'accounts' | 'sweepQueue' | 'parseSweepRequest'> => ({
  ...basics(joints),
  ...table(joints),
  ...secrets(joints),
  ...waking(joints),
  ...deadlines(joints),
  ...examination(joints.config, joints.sdk, joints.clock),
  ...membership(joints, examination),
});
