import { ofType } from './deployed-resources.ts';
import { statementsOf } from './statements.ts';
import type { TemplateResource } from './template.ts';
import { trustOf } from './trust.ts';

/** Whether a role lets EventBridge put events on a bus for a rule: by whom it is assumed, and what it may do. */
export function mayForward(
  all: readonly TemplateResource[],
  { roleArn, busArn, sourceArn }: { roleArn: string; busArn: string; sourceArn: string },
): boolean {
  const [, , , , account = ''] = sourceArn.split(':');
  const role = ofType(all, 'AWS::IAM::Role').find(({ id }) => roleArn.endsWith(id));
  if (role === undefined) return false;
  const trusted = trustOf(role.properties).Statement.some(
    ({ Principal, Condition }) =>
      Principal['Service']?.includes('events.amazonaws.com') === true &&
      Condition['StringEquals']?.['aws:SourceAccount']?.includes(account) === true &&
      Condition['ArnLike']?.['aws:SourceArn']?.some((pattern) => like(pattern, sourceArn)) === true,
  );
  const allowed = statementsOf(all).some(
    (statement) =>
      statement.role === role.id &&
      statement.effect === 'Allow' &&
      statement.actions.includes('events:PutEvents') &&
      statement.resources.includes(busArn),
  );
  return trusted && allowed;
}

/** Only a `*` at the end is known here. */
const like = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
