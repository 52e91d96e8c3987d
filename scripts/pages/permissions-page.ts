import { deployedResources, MEMBER_PLACE, ofType } from '../template/deployed-resources.ts';
import { aMember, aMonitorOfMany } from '../template/monitor-stack.ts';
import { SECRET_SUFFIX } from '../template/resolve.ts';
import { type RoleStatement, statementsOf } from '../template/statements.ts';
import type { TemplateResource } from '../template/template.ts';
import { code, page, table } from './markdown.ts';

/** What each deployed function may do, and each role of a member, out of the synthesized templates with everything switched on. */
export function permissionsPage(): string {
  const resources = deployedResources(aMonitorOfMany());
  const statements = statementsOf(resources).filter(({ sid }) => !FOR_ALL.includes(sid));
  const sections = ofType(resources, 'AWS::Lambda::Function').map(({ properties }) => {
    const role = String(properties['Role']).split('/').at(-1);
    const own = statements.filter((each) => each.role === role);
    return `## ${String(properties['Handler']).replace('.handler', '')}\n\n${permissionTable(own)}`;
  });
  return page(
    '# Permissions',
    'What each function of a deployment may do when everything is switched on; what is left out is not allowed either. Names of resources are those of an example.',
    `Every function besides denies ${denied(resources)} on everything (\`NeverReadValues\`), writes to its own log group (\`WriteLog\`), and uses the key of table, queues and topics through DynamoDB, SQS and SNS (\`UseKeyForTable\`, \`UseKeyForMessages\`).`,
    ...sections,
    '## In each member',
    'In another account the functions have, beside `AssumeMemberRoles`, what the role there may do. It denies the same (`NeverReadValues`), trusts the roles of the monitor alone, and asks for an external id:',
    permissionTable(memberStatements('Look')),
    'EventBridge sends the events of a member to the monitor with a role that may do nothing else:',
    permissionTable(memberStatements('Forward')),
  );
}

const memberStatements = (part: string): readonly RoleStatement[] =>
  statementsOf(deployedResources(aMember(), MEMBER_PLACE)).filter(
    ({ role, sid }) => role.includes(part) && !FOR_ALL.includes(sid),
  );

const FOR_ALL: readonly string[] = ['NeverReadValues', 'WriteLog', 'UseKeyForTable', 'UseKeyForMessages'];

const denied = (resources: readonly TemplateResource[]): string => {
  const actions = statementsOf(resources)
    .filter(({ effect }) => effect === 'Deny')
    .flatMap((each) => each.actions);
  return [...new Set(actions)].map(code).join(' and ');
};

const permissionTable = (statements: readonly RoleStatement[]): string =>
  table(
    ['Statement', 'Actions', 'On'],
    statements.map(({ sid, actions, resources }) => [
      sid,
      actions.map(code).join(', '),
      resources.map(shortened).join(', '),
    ]),
  );

/** Without partition, account and region, and without what the CDK appends to names. */
const shortened = (arn: string): string => {
  const [, , service, , , ...rest] = arn.split(':');
  const name = rest
    .join(':')
    .replace(/MonitorResources/g, '')
    .replace(`-${SECRET_SUFFIX}`, '')
    .replace(/[0-9A-F]{8}(?=$|\/)/g, '');
  return code(service === undefined ? arn : `${service}:${name}`);
};
