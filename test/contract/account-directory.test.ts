import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { describe, expect, test } from 'vitest';
import { memoryAccountDirectory } from '../../src/monitor/adapters/memory/memory-account-directory.ts';
import { organizationsDirectory } from '../../src/monitor/adapters/organizations/organizations-directory.ts';
import { CENTRAL, MEMBER, openOrganization } from '../support/organization.ts';
import { sdk } from '../support/simulated.ts';
import { accountDirectoryContract } from './account-directory.suite.ts';

const INSIDE = Array.from({ length: 25 }, (_, index) => String(444455550000 + index));

describe('memoryAccountDirectory', () => {
  accountDirectoryContract(() => ({
    directory: memoryAccountDirectory({
      outer: [MEMBER.account, '123456789012', ...INSIDE],
      inner: INSIDE,
      empty: [],
    }),
    outer: 'outer',
    inner: 'inner',
    empty: 'empty',
    missing: 'missing',
  }));
});

describe('organizationsDirectory', () => {
  const open = (home = CENTRAL) => {
    const simulated = openOrganization();
    const { organization } = simulated;
    const outer = organization.addUnit('workloads');
    const inner = organization.addUnit('production', outer);
    const empty = organization.addUnit('empty');
    for (const account of [MEMBER.account, '123456789012']) organization.move(account, outer);
    organization.addAccount({ id: '444455557777', name: 'closed', parent: outer });
    organization.setState('444455557777', 'SUSPENDED');
    for (const id of INSIDE) organization.addAccount({ id, name: id, parent: inner });
    const directory = organizationsDirectory(new OrganizationsClient(sdk(simulated.at(home), 'sweep')));
    return { directory, outer, inner, empty, missing: 'ou-simu-99999999' };
  };

  accountDirectoryContract(open);

  test('an account that may not look fails as denied', async () => {
    const { directory, inner } = open(MEMBER);
    await expect(directory.accountsIn(inner)).rejects.toMatchObject({ reason: 'denied', retryable: false });
  });
});
