import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import type { EventRule } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probing } from './probing.ts';

/** Looks at rules and asks EventBridge itself what they match. */
export const ruleProbe = (client: EventBridgeClient): Pick<DeploymentProbe, 'rulesTo' | 'matching'> => ({
  rulesTo: (TargetArn, EventBusName) =>
    probing(`look at the rules that send to "${TargetArn}"`, async () => {
      const onBus = EventBusName === undefined ? {} : { EventBusName };
      const { RuleNames = [] } = await client.send(new ListRuleNamesByTargetCommand({ TargetArn, ...onBus }));
      return Promise.all(RuleNames.map((Name) => ruleOf(client, { Name, ...onBus })));
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
    targetArns: Targets.flatMap(({ Arn: targetArn }) => targetArn ?? []),
  };
}
