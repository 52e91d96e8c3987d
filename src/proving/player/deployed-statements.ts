import { ofType } from './deployed-resources.ts';
import { type RoleStatement, statementsOf } from './statements.ts';
import type { TemplateResource } from './template.ts';

/** The statements of a template whose references are worked out, by the names that its roles have once deployed. */
export function deployedStatements(resources: readonly TemplateResource[]): readonly RoleStatement[] {
  const names = new Map(
    ofType(resources, 'AWS::IAM::Role').map(({ id, properties: { RoleName } }) => [
      id,
      typeof RoleName === 'string' ? RoleName : (nameOfUsed(resources, id) ?? id),
    ]),
  );
  return statementsOf(resources).map((each) => ({ ...each, role: names.get(each.role) ?? each.role }));
}

/** CloudFormation puts what it likes before the id; the functions say what. */
const nameOfUsed = (resources: readonly TemplateResource[], id: string): string | undefined =>
  ofType(resources, 'AWS::Lambda::Function')
    .map(({ properties }) => String(properties['Role']).split('/').at(-1))
    .find((name) => name?.endsWith(id));
