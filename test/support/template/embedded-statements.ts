import { aFullMonitor } from '../../../infra/templates/monitor-stack.ts';
import { NAMES } from '../../../src/proving/embedded/environment.ts';
import { ofType } from '../../../src/proving/player/deployed-resources.ts';
import { deployedStatements } from '../../../src/proving/player/deployed-statements.ts';
import type { RoleStatement } from '../../../src/proving/player/statements.ts';
import { deployedResources } from './deployed-resources.ts';

type Environment = Readonly<Record<string, string>>;

let deployed: ReturnType<typeof deployedResources> | undefined;

/**
 * The policies of a synthesized monitor with every part, as those of an embedded deployment with these settings: there
 * each function is a role of its own, and its resources have other names.
 */
export function embeddedStatements(embedded: Environment): readonly RoleStatement[] {
  deployed ??= deployedResources(aFullMonitor());
  const functions = ofType(deployed, 'AWS::Lambda::Function').map(({ properties }) => properties);
  const handlers = new Map(
    functions.map(({ Role, Handler }) => [lastPart(String(Role)), String(Handler).replace('.handler', '')]),
  );
  const named = functions.flatMap(({ Environment }) =>
    renamings((Environment as { readonly Variables: Environment }).Variables, embedded),
  );
  const names = [...named, ...eventQueues(deployed)];
  return deployedStatements(deployed).flatMap((statement) => {
    const role = handlers.get(statement.role);
    const resources = statement.resources.map((resource) =>
      names.reduce((renamed, [from, to]) => renamed.replace(from, to), resource),
    );
    return role === undefined ? [] : [{ ...statement, role, resources }];
  });
}

/** The queues of events, which no setting names. */
const EVENT_QUEUES: readonly (readonly [part: string, here: string])[] = [
  ['RotationEvents', NAMES.rotationQueue],
  ['LabelEvents', NAMES.labelQueue],
];

const eventQueues = (resources: ReturnType<typeof deployedResources>): readonly [string, string][] =>
  ofType(resources, 'AWS::SQS::Queue').flatMap(({ id }) =>
    EVENT_QUEUES.filter(([part]) => id.includes(part)).map(([, here]): [string, string] => [id, here]),
  );

/** What a setting names in the template, and what it names here; a list of queues is one queue here. */
const renamings = (template: Environment, embedded: Environment): readonly (readonly [string, string])[] =>
  Object.entries(template)
    .filter(([setting]) => /_(ARN|URLS?|NAME|GROUP)$/.test(setting))
    .flatMap(([setting, value]) => {
      const here = embedded[setting]?.split(',')[0];
      return here ? value.split(',').map((each) => [lastPart(each), lastPart(here)] as const) : [];
    });

/** The name in an ARN or a URL. */
const lastPart = (text: string): string => text.split(/[/:]/).at(-1) ?? '';
