import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { SimulatedAction } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probingFor } from './probing.ts';

/** Asks IAM and KMS what policies say. */
export const policyProbe = (
  iam: IAMClient,
  kms: KMSClient,
  region: string,
): Pick<DeploymentProbe, 'simulate' | 'keyPolicy'> => ({
  simulate: (roleArn, asked) =>
    probingFor(`simulate the policies of "${roleArn}"`, async () => {
      const answers: SimulatedAction[] = [];
      // Actions on the same resource are one question.
      for (const resource of new Set(asked.map((each) => each.resource))) {
        const actions = asked.filter((each) => each.resource === resource).map(({ action }) => action);
        answers.push(...(await simulated(iam, roleArn, { resource, actions, region })));
      }
      return answers;
    }),
  keyPolicy: (KeyId) =>
    probingFor(`read the policy of the key "${KeyId}"`, async () => {
      const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
      return Policy;
    }),
});

interface Question {
  readonly resource: string;
  readonly actions: readonly string[];
  readonly region: string;
}

async function simulated(
  iam: IAMClient,
  roleArn: string,
  { resource, actions, region }: Question,
): Promise<readonly SimulatedAction[]> {
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: roleArn,
      ActionNames: [...new Set(actions)],
      ResourceArns: [resource],
      // The simulation knows of the request only these entries.
      ContextEntries: [
        { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: [region] },
        {
          ContextKeyName: 'aws:ResourceAccount',
          ContextKeyType: 'string',
          ContextKeyValues: [accountOf(roleArn)],
        },
      ],
    }),
  );
  return EvaluationResults.map(
    ({ EvalActionName: action = '', EvalDecision, MissingContextValues = [] }) => ({
      action,
      resource,
      decision: DECISIONS[EvalDecision ?? 'implicitDeny'],
      missingKeys: MissingContextValues,
    }),
  );
}

const accountOf = (roleArn: string): string => roleArn.split(':')[4] ?? '';

const DECISIONS = {
  allowed: 'allowed',
  explicitDeny: 'denied-explicitly',
  implicitDeny: 'not-allowed',
} as const satisfies Readonly<Record<string, SimulatedAction['decision']>>;
