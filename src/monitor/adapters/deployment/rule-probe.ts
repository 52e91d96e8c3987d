import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  type ListRulesResponse,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import type { EventRule } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probing } from './probing.ts';

/** Looks at rules and asks EventBridge itself what they match. */
export const ruleProbe = (
  client: EventBridgeClient,
): Pick<DeploymentProbe, 'rules' | 'rulesTo' | 'buses' | 'matching'> => ({
  rulesTo: (TargetArn, EventBusName) =>
    probing(`look at the rules that send to "${TargetArn}"`, async () => {
      const onBus = EventBusName === undefined ? {} : { EventBusName };
      const { RuleNames = [] } = await client.send(new ListRuleNamesByTargetCommand({ TargetArn, ...onBus }));
      return Promise.all(RuleNames.map((Name) => ruleOf(client, { Name, ...onBus })));
    }),
  rules: () =>
    probing('list the rules', async () => {
      const names: string[] = [];
      let NextToken: string | undefined;
      do {
        const page: ListRulesResponse = await client.send(new ListRulesCommand({ NextToken }));
        names.push(...(page.Rules ?? []).flatMap(({ Name }) => Name ?? []));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return Promise.all(names.map((Name) => ruleOf(client, { Name })));
    }),
  buses: () =>
    probing('list the event buses', async () => {
      const { EventBuses = [] } = await client.send(new ListEventBusesCommand({ Limit: MOST_BUSES }));
      return EventBuses.flatMap(({ Name: name, Arn: arn }) =>
        name === undefined || arn === undefined ? [] : [{ name, arn }],
      );
    }),
  matching: (EventPattern, events) =>
    probing('try an event pattern', async () => {
      const answers = await Promise.all(
        events.map((event) =>
          client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) })),
        ),
      );
      return answers.filter(({ Result }) => Result === true).length;
    }),
});

/** An account has a hundred at most, unless it asked for more. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_BUSES = 100;

async function ruleOf(
  client: EventBridgeClient,
  naming: { readonly Name: string; readonly EventBusName?: string },
): Promise<EventRule> {
  const {
    Name: name = naming.Name,
    Arn = '',
    State,
    EventPattern,
  } = await client.send(new DescribeRuleCommand(naming));
  const { EventBusName } = naming;
  const ofRule = { Rule: naming.Name, ...(EventBusName === undefined ? {} : { EventBusName }) };
  const { Targets = [] } = await client.send(new ListTargetsByRuleCommand(ofRule));
  return {
    name,
    arn: Arn,
    isEnabled: State?.startsWith('ENABLED') === true,
    pattern: EventPattern,
    targets: Targets.map(({ Arn: arn = '', RoleArn: roleArn, DeadLetterConfig }) => ({
      arn,
      roleArn,
      deadLetterArn: DeadLetterConfig?.Arn,
    })),
  };
}
