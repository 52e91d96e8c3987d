import { fileURLToPath } from 'node:url';

/** Names of the CloudFormation templates that are shipped. */
export const TEMPLATES = ['home', 'home-full', 'member', 'drill'] as const;

/** Path of a template. */
export const templatePath = (name: string): string =>
  fileURLToPath(new URL(`../../infra/templates/${name}.json`, import.meta.url));
