import type { Stack } from 'aws-cdk-lib';
import { type Place, resolved } from './resolve.ts';
import { type TemplateResource, templateOf } from './template.ts';

/** Where the templates of the tests are deployed to. */
export const PLACE: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  sqsEndpoint: 'https://sqs.eu-west-1.amazonaws.com',
};

/** Where the template of members is deployed to. */
export const MEMBER_PLACE: Place = { ...PLACE, account: '444455556666' };

/** The resources of a stack as they are once deployed, at {@link PLACE} unless told otherwise. */
export const deployedResources = (stack: Stack, place: Place = PLACE): readonly TemplateResource[] =>
  resolved(templateOf(stack), place);

/** The resources of one type. */
export const ofType = (resources: readonly TemplateResource[], type: string): readonly TemplateResource[] =>
  resources.filter((each) => each.type === type);
