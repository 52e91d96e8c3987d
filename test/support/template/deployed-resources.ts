import type { Stack } from 'aws-cdk-lib';
import { templateOf } from '../../../infra/templates/monitor-stack.ts';
import { PLACE, resourcesIn } from '../../../src/proving/player/deployed-resources.ts';
import type { Place } from '../../../src/proving/player/resolve.ts';
import type { TemplateResource } from '../../../src/proving/player/template.ts';

/** The resources of a stack as they are once deployed, at {@link PLACE} by default. */
export const deployedResources = (stack: Stack, place: Place = PLACE): readonly TemplateResource[] =>
  resourcesIn(templateOf(stack), place);
