import { expect, test } from 'vitest';
import * as z from 'zod';
import { environmentSize } from '../../infra/props/environment-size.ts';
import type { RotationMonitorProps } from '../../infra/rotation-monitor.ts';
import { aMonitor, everyPart, templateOf } from '../../infra/templates/monitor-stack.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { type TemplateResource, templateParts } from '../../src/proving/player/template.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(444455550000 + index));
const named = (count: number) => [{ accounts: accounts(count), regions: ['eu-west-1', 'us-east-1'] }];
/**
 * Largest size of all inline policies of a role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_POLICY_CHARACTERS = 10_240;

const of = (count: number): RotationMonitorProps => ({
  members: named(count),
  memberExternalId: 'rotation-monitor-1a2b3c',
});

/** Returns the variables as the CDK writes them, with references in them. */
const templateVariables = ({ Environment }: TemplateResource['properties']) =>
  z.object({ Variables: z.record(z.string(), z.custom<string>()) }).parse(Environment).Variables;

const variablesOf = ({ Environment }: TemplateResource['properties']) =>
  z.object({ Variables: z.record(z.string(), z.string()) }).parse(Environment).Variables;

test('eighty accounts fit into the environment; where more do not, it is said what to do', () => {
  const everything = (count: number) =>
    aMonitor((stack) => ({ ...everyPart(stack), ...of(count), organizationId: 'o-a1b2c3d4e5' }));
  expect(() => everything(80)).not.toThrow();
  expect(() => everything(110)).toThrow(
    /^The settings need up to \d{4} bytes, 1\d{3} of them for the list of members, .* holds 4096: name organizational units/,
  );
});

test('no name that CloudFormation makes is longer than it was taken for', () => {
  const stack = aMonitor(everyPart);
  const [one] = ofType(deployedResources(stack), 'AWS::Lambda::Function');
  const variables = Object.entries(variablesOf(one?.properties ?? {}));
  const bytes = variables.flat().join('').length;
  // Here names are logical ids; CloudFormation puts the name of the stack before them and twelve characters behind.
  const made = variables.flatMap(([, value]) => value.match(/\bMonitor[A-Z]\w+/g) ?? []).length;
  const real = bytes + made * ('rotation-monitor-'.length + '-1A2B3C4D5E6F'.length);
  const [template] = templateParts(templateOf(stack)).resources.filter(
    ({ type }) => type === 'AWS::Lambda::Function',
  );
  const estimate = environmentSize(stack, templateVariables(template?.properties ?? {}));
  expect(estimate).toBeGreaterThanOrEqual(real);
  expect(estimate).toBeLessThan(1.5 * real);
});

test('the accounts that fit into the environment fit into the policies', () => {
  const resources = deployedResources(aMonitor(() => of(80)));
  for (const { properties } of ofType(resources, 'AWS::IAM::Role'))
    expect(JSON.stringify(properties['Policies'] ?? []).length).toBeLessThan(MAX_POLICY_CHARACTERS);
  expect(() => aMonitor(() => of(81))).toThrow(
    'organizationId: needed where more than 80 accounts are named',
  );
  expect(() => aMonitor(() => ({ ...of(81), organizationId: 'o-a1b2c3d4e5' }))).not.toThrow();
});
