import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});

/** One resource of a template. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
}

/** All resources of a synthesized stack, in their order. */
export function resourcesOf(stack: Stack): readonly TemplateResource[] {
  const { Resources } = z
    .object({ Resources: z.record(z.string(), resourceSchema) })
    .parse(Template.fromStack(stack).toJSON());
  return Object.entries(Resources).map(([id, { Type, Properties, DeletionPolicy }]) => ({
    id,
    type: Type,
    properties: Properties,
    deletionPolicy: DeletionPolicy,
  }));
}
