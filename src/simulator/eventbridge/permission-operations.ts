import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import { readPolicy } from '../iam/policy.ts';
import type { Bus } from './bus.ts';
import type { Buses } from './buses.ts';

/** Largest policy of a bus. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html */
const MAX_POLICY_BYTES: number = 10 * 1024;

const putting = z.object({
  EventBusName: z.string().optional(),
  Policy: z.string().optional(),
  StatementId: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,64}$/)
    .optional(),
  Action: z.literal('events:PutEvents').optional(),
  Principal: z
    .string()
    .regex(/^(\d{12}|\*)$/)
    .optional(),
  Condition: z
    .object({ Type: z.literal('StringEquals'), Key: z.literal('aws:PrincipalOrgID'), Value: z.string() })
    .optional(),
});
const removing = z.object({
  EventBusName: z.string().optional(),
  StatementId: z.string().optional(),
  RemoveAllPermissions: z.boolean().default(false),
});

/** The operations on the policy of a bus. */
export function permissionOperations(buses: Buses): Record<string, Operation> {
  return {
    PutPermission: (input) => {
      const request = readInput(putting, input);
      const bus = buses.find(request.EventBusName);
      if (request.Policy === undefined) addStatement(bus, request);
      else replacePolicy(bus, request.Policy);
    },
    RemovePermission: (input) => {
      const { EventBusName, StatementId = '', RemoveAllPermissions } = readInput(removing, input);
      const { policy } = buses.find(EventBusName);
      if (RemoveAllPermissions) policy.clear();
      else if (!policy.delete(StatementId)) {
        const message = `Statement ${StatementId} does not exist.`;
        throw new AwsError('ResourceNotFoundException', message);
      }
    },
  };
}

function addStatement(
  { arn, policy }: Bus,
  { StatementId, Action, Principal, Condition }: z.infer<typeof putting>,
): void {
  if (StatementId === undefined || Action === undefined || Principal === undefined) {
    const message = 'Parameters Action, Principal and StatementId must be specified when Policy is not.';
    throw new AwsError('ValidationException', message);
  }
  const conditions = Condition && { [Condition.Type]: { [Condition.Key]: Condition.Value } };
  const { Statement } = readPolicy({
    Statement: {
      Sid: StatementId,
      Effect: 'Allow',
      Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
      Action,
      Resource: arn,
      ...(conditions && { Condition: conditions }),
    },
  });
  for (const statement of Statement) policy.set(StatementId, statement);
}

function replacePolicy({ policy }: Bus, text: string): void {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw new AwsError('PolicyLengthExceededException', 'Policy length exceeded.');
  }
  const { Statement } = readPolicy(text);
  policy.clear();
  for (const [index, statement] of Statement.entries()) policy.set(statement.Sid ?? String(index), statement);
}

/** The policy of a bus as text; undefined when it has none. */
export const policyText = ({ policy }: Bus): string | undefined =>
  policy.size === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: [...policy.values()] });
