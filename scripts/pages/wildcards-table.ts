import { WILDCARD_REASONS } from '../../infra/permissions/wildcards.ts';
import { aMember, aMonitorOfMany, templateOf } from '../../infra/templates/monitor-stack.ts';
import { MEMBER_PLACE, ofType, resourcesIn } from '../../src/proving/player/deployed-resources.ts';
import { type RoleStatement, statementsOf } from '../../src/proving/player/statements.ts';
import { code, table } from './markdown.ts';

/** Every permission of the synthesized templates that names no single resource: what, bound by what, for whom, and why. */
export function wildcardsTable(): string {
  const resources = resourcesIn(templateOf(aMonitorOfMany()));
  const ofMember = statementsOf(resourcesIn(templateOf(aMember()), MEMBER_PLACE));
  const names = new Map(
    ofType(resources, 'AWS::Lambda::Function').map(({ properties }) => [
      String(properties['Role']).split('/').at(-1),
      String(properties['Handler']).replace('.handler', ''),
    ]),
  );
  const rows = new Map<string, RoleStatement & { readonly functions: readonly string[] }>();
  for (const statement of [...statementsOf(resources), ...ofMember].filter(isWild)) {
    const key = JSON.stringify([statement.sid, statement.resources, statement.conditions]);
    const functions = [...(rows.get(key)?.functions ?? []), names.get(statement.role) ?? MEMBER_ROLE];
    rows.set(key, { ...statement, functions });
  }
  return table(
    ['Allowed', 'On', 'Provided that', 'To', 'Why'],
    [...rows.values()].map(({ sid, actions, resources, conditions, functions }) => [
      actions.map(code).join(', '),
      resources.map(code).join(', '),
      Object.values(conditions).flatMap(Object.entries).map(conditionText).join(', ') || '–',
      functions.map(code).join(', '),
      WILDCARD_REASONS[sid] ?? '',
    ]),
  );
}

/** The role that a member has for the monitor. */
const MEMBER_ROLE = 'secret-rotation-monitor-member';

/** The streams of a function's own log are no wildcard worth a reason. */
const isWild = ({ effect, resources, sid }: RoleStatement): boolean =>
  effect === 'Allow' && sid !== 'WriteLog' && resources.some((resource) => resource.includes('*'));

const conditionText = ([key, values]: [string, readonly string[]]): string =>
  `${code(key)} is ${values.map(code).join(' or ')}`;
