import * as z from 'zod';
import { ofType } from './deployed-resources.ts';
import type { TemplateResource } from './template.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const queuePolicy = z.object({
  Queues: z.array(z.string()),
  PolicyDocument: z.object({
    Statement: z.array(
      z.looseObject({
        Effect: z.string(),
        Principal: z.union([z.string(), z.record(z.string(), texts)]),
        Action: texts,
        Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
      }),
    ),
  }),
});

/** Whether the policies of the template let a service send to a queue on behalf of a resource. */
export function admitted(
  resources: readonly TemplateResource[],
  sending: { readonly queueArn: string; readonly service: string; readonly sourceArn: string },
): boolean {
  const name = sending.queueArn.split(':').at(-1) ?? '';
  return ofType(resources, 'AWS::SQS::QueuePolicy')
    .map(({ properties }) => queuePolicy.parse(properties))
    .filter(({ Queues }) => Queues.some((url) => url.endsWith(`/${name}`)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .some(
      ({ Effect, Principal, Action, Condition }) =>
        Effect === 'Allow' &&
        typeof Principal === 'object' &&
        Principal['Service']?.includes(sending.service) === true &&
        Action.includes('sqs:SendMessage') &&
        Condition['ArnEquals']?.['aws:SourceArn']?.includes(sending.sourceArn) === true,
    );
}
