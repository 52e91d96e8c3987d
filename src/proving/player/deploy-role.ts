import type { Simulator } from '../../simulator/simulator.ts';
import type { TemplateResource } from './template.ts';
import { trustOf } from './trust.ts';

/** Makes a role that accounts may assume, with its trust policy; one that a service assumes has no life of its own here. */
export async function deployRole(
  { home, world }: Simulator,
  { id, properties }: TemplateResource,
): Promise<void> {
  const trustPolicy = trustOf(properties);
  if (trustPolicy.Statement.every(({ Principal }) => Principal['AWS'] === undefined)) return;
  const { RoleName } = properties;
  world.roles.add({
    account: home.account,
    name: typeof RoleName === 'string' ? RoleName : id,
    trustPolicy,
  });
}
