import { type Place, resolved } from './resolve.ts';
import { type TemplateResource, templateParts } from './template.ts';

/** Account and region to which the tests deploy templates. */
export const PLACE: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  sqsEndpoint: 'https://sqs.eu-west-1.amazonaws.com',
};

/** Account and region to which the template of members is deployed. */
export const MEMBER_PLACE: Place = { ...PLACE, account: '444455556666' };

/** The resources of a template in JSON as they are once deployed, at {@link PLACE} by default. */
export const resourcesIn = (template: unknown, place: Place = PLACE): readonly TemplateResource[] =>
  resolved(templateParts(template), place);

/** The resources of one type. */
export const ofType = (resources: readonly TemplateResource[], type: string): readonly TemplateResource[] =>
  resources.filter((each) => each.type === type);
