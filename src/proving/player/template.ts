import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.string().optional() }))
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
});

/** One resource of a template. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
  /** Id of the condition on which it is made; undefined when it always is. */
  readonly condition: string | undefined;
}

/** The parts of a template that decide what is deployed. */
export interface TemplateParts {
  readonly resources: readonly TemplateResource[];
  /** Ids of all parameters. */
  readonly parameters: readonly string[];
  /** Defaults of the parameters that have one. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Ids of the parameters that are lists, written with commas. */
  readonly lists: readonly string[];
  /** Expressions by id. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

/** The parts of a template in JSON, its resources in their order. */
export function templateParts(json: unknown): TemplateParts {
  const template = templateSchema.parse(json);
  const defaults = Object.entries(template.Parameters).flatMap(([id, { Default }]) =>
    Default === undefined ? [] : [[id, Default] as const],
  );
  return {
    resources: Object.entries(template.Resources).map(([id, each]) => ({
      id,
      type: each.Type,
      properties: each.Properties,
      deletionPolicy: each.DeletionPolicy,
      condition: each.Condition,
    })),
    parameters: Object.keys(template.Parameters),
    defaults: Object.fromEntries(defaults),
    lists: Object.entries(template.Parameters).flatMap(([id, { Type }]) =>
      Type === 'CommaDelimitedList' ? [id] : [],
    ),
    conditions: template.Conditions,
  };
}
