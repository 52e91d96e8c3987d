import { seededRandom } from './call/random.ts';
import type { Home } from './call/service.ts';
import { Organization } from './organizations/organization.ts';
import { type Listening, type ListenOptions, listen } from './protocols/http-server.ts';
import { createSimulatorIn, type Simulator, type SimulatorOptions } from './simulator.ts';
import type { SimulatorClock } from './time/clock.ts';
import { World } from './world.ts';

/** Options of an organization. */
export interface OrganizationOptions extends Omit<SimulatorOptions, 'account' | 'region'> {
  readonly clock: SimulatorClock;
  /** Accounts, twelve digits each; the first one is the management account. */
  readonly accounts: readonly [string, ...string[]];
  /** Regions, switched on in every account; plain credentials of the HTTP server are those of the first account. */
  readonly regions: readonly [string, ...string[]];
}

/** Several accounts and regions of a small AWS, on one clock. */
export interface SimulatedOrganization {
  readonly clock: SimulatorClock;
  /** Roles, sessions and the tree of the organization. */
  readonly world: World;
  readonly organization: Organization;
  /** Every account in every region. */
  readonly simulators: readonly Simulator[];
  /** One account in one region; throws a RangeError when it is not part of the organization. */
  at(home: Home): Simulator;
  /** Serves all of them on one port: requests go to the region they are signed for and to the account of their credentials. */
  listen(options: ListenOptions): Promise<Listening>;
  /** Frees what they hold; no call may follow. */
  close(): Promise<void>;
}

/**
 * The role that the management account may assume in every account that it made.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
 */
export const ACCESS_ROLE = 'OrganizationAccountAccessRole';

/** Empty accounts. */
export function createSimulatedOrganization(options: OrganizationOptions): SimulatedOrganization {
  const { clock, accounts, regions, seed } = options;
  const [management] = accounts;
  const organization = new Organization(management);
  const world = new World(clock, seededRandom(seed), organization);
  for (const account of accounts.slice(1)) join(world, organization, account);
  const homes = accounts.flatMap((account) => regions.map((region) => ({ account, region })));
  const simulators = homes.map((home, index) =>
    createSimulatorIn(world, { ...options, ...home, seed: seed + SEED_STEP * (index + 1) }),
  );
  const at = ({ account, region }: Home): Simulator => {
    const found = simulators.find(({ home }) => home.account === account && home.region === region);
    if (found === undefined) throw new RangeError(`The organization has no ${account} ${region}`);
    return found;
  };
  return {
    clock,
    world,
    organization,
    simulators,
    at,
    listen: (where) =>
      listen((sender) => world.route({ account: management, region: regions[0] }, sender), where),
    close: async () => {
      for (const simulator of simulators) await simulator.close();
    },
  };
}

/** Apart enough that the sources of chance of two simulators do not meet. */
const SEED_STEP = 1000;

function join(world: World, organization: Organization, account: string): void {
  organization.addAccount({ id: account, name: `member-${account}` });
  const trustPolicy = {
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${organization.managementAccount}:root` },
      Action: 'sts:AssumeRole',
    },
  };
  world.roles.add({ account, name: ACCESS_ROLE, trustPolicy });
}
