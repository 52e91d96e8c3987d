import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsSweepQueue } from '../../adapters/sqs/sqs-sweep-queue.ts';
import { parseSweepMessage } from '../../adapters/sqs/sweep-message.ts';
import type { Service } from '../../application/service.ts';
import type { AccountDirectory } from '../../ports/look/account-directory.ts';
import type { Joints } from '../joints/joints.ts';
import { onFirstUse } from '../joints/on-first-use.ts';
import { accessTo, type MakeCloser } from './access-to.ts';

/** Makes the parts that look at other accounts and regions and have them swept. */
export function membership(
  joints: Joints,
  closer: MakeCloser,
): Pick<Service, 'accessTo' | 'accounts' | 'sweepQueue' | 'parseSweepRequest'> {
  const { config, sdk } = joints;
  const { sweepQueueUrl, members } = config;
  const hasUnits = members.some(({ organizationalUnits }) => organizationalUnits.length > 0);
  return {
    accessTo: accessTo({ ...joints, closer }),
    accounts: hasUnits ? directory(joints) : undefined,
    sweepQueue: sweepQueueUrl === undefined ? undefined : sqsSweepQueue(new SQSClient(sdk), sweepQueueUrl),
    parseSweepRequest: parseSweepMessage,
  };
}

/** Loaded on first use: most deployments know all their accounts. */
const directory = ({ sdk }: Joints): AccountDirectory => {
  const client = onFirstUse(async () => {
    const [{ OrganizationsClient }, { organizationsDirectory }] = await Promise.all([
      import('@aws-sdk/client-organizations'),
      import('../../adapters/organizations/organizations-directory.ts'),
    ]);
    return organizationsDirectory(new OrganizationsClient(sdk));
  });
  return { accountsIn: async (unit) => (await client()).accountsIn(unit) };
};
