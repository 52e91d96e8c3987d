import type { Stack } from 'aws-cdk-lib';
import { type Place, resolved } from './resolve.ts';
import { resourcesOf, type TemplateResource } from './template.ts';

/** Where the templates of the tests are deployed to. */
export const PLACE: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  sqsEndpoint: 'https://sqs.eu-west-1.amazonaws.com',
};

/** The resources of a stack as they are once deployed at {@link PLACE}. */
export const deployedResources = (stack: Stack): readonly TemplateResource[] =>
  resolved(resourcesOf(stack), PLACE);

/** The resources of one type. */
export const ofType = (resources: readonly TemplateResource[], type: string): readonly TemplateResource[] =>
  resources.filter((each) => each.type === type);
