import { IMPLIED_PERMISSIONS } from '../../infra/functions/implied-permissions.ts';
import { OPERATOR_POLICIES } from '../../infra/permissions/operator-policies.ts';
import { aMember, aMonitorOfMany, templateOf } from '../../infra/templates/monitor-stack.ts';
import { MEMBER_PLACE, ofType, resourcesIn } from '../../src/proving/player/deployed-resources.ts';
import { SECRET_SUFFIX } from '../../src/proving/player/resolve.ts';
import { type RoleStatement, statementsOf } from '../../src/proving/player/statements.ts';
import type { TemplateResource } from '../../src/proving/player/template.ts';
import { code, page, table } from './markdown.ts';

/**
 * Writes the page about the permissions of each deployed function and each role of a member, out of the synthesized
 * templates with everything switched on.
 */
export function permissionsPage(): string {
  const resources = resourcesIn(templateOf(aMonitorOfMany()));
  const statements = statementsOf(resources).filter(({ sid }) => !FOR_ALL.includes(sid));
  const sections = ofType(resources, 'AWS::Lambda::Function').map(({ properties }) => {
    const role = String(properties['Role']).split('/').at(-1);
    const own = statements.filter((each) => each.role === role);
    return `## ${String(properties['Handler']).replace('.handler', '')}\n\n${permissionTable(own)}`;
  });
  return page(
    '# Permissions',
    'What each function of a deployment may do when everything is switched on; what is left out is not allowed either. Names of resources are those of an example.',
    `Every function also denies ${denied(resources)} on everything (\`NeverReadValues\`) and writes to its own log group (\`WriteLog\`). It uses the key of table, queues and topics through DynamoDB, SQS and SNS (\`UseKeyForTable\`, \`UseKeyForMessages\`).`,
    ...sections,
    '## In each member',
    'In another account the functions have, beside `AssumeMemberRoles`, what the role there may do. It denies the same (`NeverReadValues`), trusts the roles of the monitor alone, and asks for an external id:',
    permissionTable(memberStatements('Look')),
    'EventBridge sends the events of a member to the monitor with a role that may do nothing else:',
    permissionTable(memberStatements('Forward')),
    '## What people need',
    'Policies for those who run the commands. A test runs each command with exactly its policy, and finds the action that is missing named when one is taken away. Nobody needs a value: every policy denies `secretsmanager:GetSecretValue` and `secretsmanager:BatchGetSecretValue` on everything (`NeverReadValues`). Limit names and resources to your own.',
    ...OPERATOR_POLICIES.flatMap(({ name, purpose, statements }) => [
      `### ${name}`,
      `The ${name} ${purpose}.`,
      table(
        ['Statement', 'Actions', 'On', 'Provided that'],
        statements
          .filter(({ effect }) => effect === 'Allow')
          .map(({ sid, actions, resources, conditions = {} }) => [
            sid,
            actions.map(code).join(', '),
            resources.map(code).join(', '),
            Object.entries(conditions)
              .map(([operator, keys]) => code(`${operator} ${JSON.stringify(keys)}`))
              .join(', '),
          ]),
      ),
    ]),
    '## What AWS uses',
    'A test plays everything that the functions and the role of a member do, refuses what is not allowed here, and fails when something unused is allowed. What is left are permissions that AWS uses for them:',
    impliedTable(resources),
  );
}

/** Writes the table of permissions that AWS itself uses, with the actions of all roles together. */
function impliedTable(resources: readonly TemplateResource[]): string {
  const statements = [
    ...statementsOf(resources),
    ...statementsOf(resourcesIn(templateOf(aMember()), MEMBER_PLACE)),
  ];
  const actionsOf = (sid: string) =>
    new Set(statements.filter((each) => each.sid === sid).flatMap(({ actions }) => actions));
  return table(
    ['Statement', 'Actions', 'Used by', 'Why'],
    Object.entries(IMPLIED_PERMISSIONS).map(([sid, { by, why, page: address }]) => [
      sid,
      [...actionsOf(sid)].map(code).join(', '),
      by,
      `${why} [AWS](${address})`,
    ]),
  );
}

const memberStatements = (part: string): readonly RoleStatement[] =>
  statementsOf(resourcesIn(templateOf(aMember()), MEMBER_PLACE)).filter(
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
