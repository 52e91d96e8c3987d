import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Home, Operation } from '../call/service.ts';
import type { Rule } from './bus.ts';
import type { Buses } from './buses.ts';
import { isAt, isBus } from './forwarding.ts';

/** Most targets of one rule. */
const MAX_TARGETS = 5;

const onRule = { Rule: z.string().min(1), EventBusName: z.string().optional() };
const target = z.looseObject({
  Id: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  Arn: z.string().startsWith('arn:'),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().startsWith('$').optional(),
  RoleArn: z.string().startsWith('arn:').optional(),
});
const putting = z.object({ ...onRule, Targets: z.array(target).min(1) });
const listing = z.object(onRule);
const asking = z.object({ TargetArn: z.string().startsWith('arn:'), EventBusName: z.string().optional() });
const removing = z.object({ ...onRule, Ids: z.array(z.string()).min(1) });

/** The operations on the targets of rules. */
export function targetOperations(buses: Buses, home: Home): Record<string, Operation> {
  const ruleOf = (input: z.infer<typeof listing>): Rule =>
    buses.rule(buses.find(input.EventBusName), input.Rule);
  return {
    PutTargets: (input) => {
      const request = readInput(putting, input);
      checkRoles(request.Targets, home);
      putTargets(ruleOf(request), request.Targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListRuleNamesByTarget: (input) => {
      const { TargetArn, EventBusName } = readInput(asking, input);
      const rules = [...buses.find(EventBusName).rules.values()];
      return {
        RuleNames: rules
          .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === TargetArn))
          .map(({ name }) => name),
      };
    },
    ListTargetsByRule: (input) => ({ Targets: [...ruleOf(readInput(listing, input)).targets.values()] }),
    RemoveTargets: (input) => {
      const request = readInput(removing, input);
      const { targets } = ruleOf(request);
      const missing = request.Ids.filter((id) => !targets.delete(id));
      const failed = missing.map((TargetId) => ({
        TargetId,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule does not contain a target with Id ${TargetId}.`,
      }));
      return { FailedEntryCount: failed.length, FailedEntries: failed };
    },
  };
}

/** A bus elsewhere is sent to by a role. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html */
function checkRoles(added: z.infer<typeof putting>['Targets'], home: Home): void {
  const lacking = added.find((each) => isBus(each) && !isAt(each.Arn, home) && each.RoleArn === undefined);
  if (lacking === undefined) return;
  throw new AwsError('ValidationException', `RoleArn is required for target ${lacking.Arn}.`);
}

function putTargets({ targets }: Rule, added: z.infer<typeof putting>['Targets']): void {
  if (added.some((each) => 'InputTransformer' in each)) {
    throw new AwsError('ValidationException', 'The simulator does not transform the input of targets.');
  }
  if (new Set([...targets.keys(), ...added.map(({ Id }) => Id)]).size > MAX_TARGETS) {
    const message = 'The requested resource exceeds the maximum number allowed.';
    throw new AwsError('LimitExceededException', message);
  }
  for (const each of added) targets.set(each.Id, each);
}
