import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { readInput } from '../input.ts';
import type { Operation } from '../service.ts';
import type { Rule } from './bus.ts';
import type { Buses } from './buses.ts';

/** Most targets of one rule. */
const MAX_TARGETS = 5;

const onRule = { Rule: z.string().min(1), EventBusName: z.string().optional() };
const target = z.looseObject({
  Id: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  Arn: z.string().startsWith('arn:'),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().startsWith('$').optional(),
});
const putting = z.object({ ...onRule, Targets: z.array(target).min(1) });
const listing = z.object(onRule);
const removing = z.object({ ...onRule, Ids: z.array(z.string()).min(1) });

/** The operations on the targets of rules. */
export function targetOperations(buses: Buses): Record<string, Operation> {
  const ruleOf = (input: z.infer<typeof listing>): Rule =>
    buses.rule(buses.find(input.EventBusName), input.Rule);
  return {
    PutTargets: (input) => {
      const request = readInput(putting, input);
      putTargets(ruleOf(request), request.Targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
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
