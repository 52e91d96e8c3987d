import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * The reasons why permissions name no single resource, by the id of the statement. A wildcard without a reason is
 * refused.
 */
export const WILDCARD_REASONS: Readonly<Record<string, string>> = {
  ListSecrets: 'IAM knows no narrower resource for listing; the condition binds it to the region watched.',
  LookAtSecrets: 'Every secret of the account is watched, those of tomorrow too; no value is read.',
  InspectFunctions:
    'Which functions rotate secrets is not known before; neither code nor logs are read. Without it: `inspect-functions` set to `no`.',
  ReadFunctionMetrics: 'IAM knows no narrower resource for reading metrics.',
  ReadHistory:
    'IAM knows no narrower resource for the event history. Without it: `event-history` set to `no`.',
  ReadGlobalHistory:
    'Calls about roles are recorded in another region, one for each partition; IAM knows no narrower resource for the event history.',
  ReadFindings:
    'Verdicts of Security Hub are about all secrets, and a hub is the only resource. Without it: `security-hub-verdicts` left out.',
  DescribeSecrets: 'An operator may name any secret of the account; no value is read.',
  CreateSchedules:
    'The name of a schedule is made when it is needed; the group is that of the monitor alone.',
  AssumeMemberRoles:
    'Accounts join the organization without a deployment; the role has one name in all of them, and asks for the external id.',
  StoreReports: 'Each report has a key of its own; nothing can be read or deleted.',
  GoOnWithAudit: 'What an audit under way has read has keys of its own, under one prefix.',
  JoinNetwork: 'Lambda makes the network interfaces of a function, and knows no narrower resource for it.',
  ListMembers: 'Which units are inside those that are named is not known before.',
};

/** Says to cdk-nag why the wildcards among the statements of a role are right; throws where no reason is known. */
export function acknowledgeWildcards(role: IConstruct, statements: readonly PolicyStatement[]): void {
  const allowed = statements.filter(({ effect }) => effect === 'Allow');
  for (const { sid = '', resources } of allowed) {
    for (const resource of resources.map((each) => shown(Stack.of(role).resolve(each)))) {
      if (!resource.includes('*')) continue;
      const reason = WILDCARD_REASONS[sid];
      if (reason === undefined) throw new Error(`Cannot allow "${sid}" on "${resource}": no reason is given`);
      Validations.of(role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`,
        reason,
      });
    }
  }
}

/** Resolved CloudFormation in one line, as cdk-nag writes it: references in angle brackets. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(shown).join('');
  if (typeof value !== 'object' || value === null) return '';
  const [[name, argument] = ['', '']] = Object.entries(value);
  if (name === 'Fn::Join' && Array.isArray(argument)) return shown(argument[1]);
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  return `<${String(argument)}>`;
}
