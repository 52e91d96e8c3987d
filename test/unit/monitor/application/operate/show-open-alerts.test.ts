import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { explainOpenAlerts } from '../../../../../src/monitor/application/operate/explain-open-alerts.ts';
import { showOpenAlerts } from '../../../../../src/monitor/application/operate/show-open-alerts.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

/** A service with secrets that have been stuck for so many hours each. */
async function withStuck(...hours: readonly number[]): Promise<MemoryService> {
  const service = aService();
  for (const each of hours) service.catalog.put(pendingSince(`stuck-${each}`, later(NOW, -each * HOUR)));
  await sweepSecrets(service);
  return service;
}

test('an open alert is shown with age, cause, risk, link and command', async () => {
  const service = await withStuck(3);
  service.clock.advance(5 * MINUTE);
  const html = await showOpenAlerts(service, {});
  expect(html).toContain('3 h 5 min');
  expect(html).toContain('<b>stuck-pending</b>');
  expect(html).toContain('secretsmanager/secret?name=stuck-3&amp;region=eu-west-1');
  expect(html).toMatch(/<pre [^>]*>aws [a-z]+ [a-z-]+ /);
  expect(html).toContain('HIGH');
});

test('the runbook is linked where its address is known', async () => {
  const service = await withStuck(3);
  const settings = { ...service.settings, runbookBaseUrl: 'https://wiki.example.com/runbooks' };
  expect(await showOpenAlerts({ ...service, settings }, {})).toContain(
    '<a href="https://wiki.example.com/runbooks/stuck-pending.md" target="_blank" rel="noopener">stuck-pending</a>',
  );
});

test('each alert has its log and the command that acknowledges it, where its function is known', async () => {
  const service = await withStuck(3);
  const without = await showOpenAlerts(service, {});
  expect(without).not.toContain('acknowledged.json');
  expect(without).toContain('#logsV2:log-groups/log-group/$252Faws$252Flambda$252F');
  const acknowledgeFunctionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:monitor-acknowledge';
  const settings = { ...service.settings, acknowledgeFunctionArn };
  expect(await showOpenAlerts({ ...service, settings }, {})).toContain(
    'acknowledged.json &lt;&lt;&lt; &#39;{&quot;secretId&quot;:&quot;arn:aws:secretsmanager:',
  );
});

test('the oldest of the same severity comes first, and what is not shown is counted', async () => {
  const service = await withStuck(2, 4, 3);
  const { alerts, more } = await explainOpenAlerts(service, 2);
  expect(alerts.map(({ name }) => name)).toEqual(['stuck-4', 'stuck-3']);
  expect(more).toBe(1);
});

test('only as many secrets are looked at as are shown, and nothing is stored or sent', async () => {
  const service = await withStuck(2, 3, 4);
  let looks = 0;
  const catalog = {
    ...service.catalog,
    describe: (id: string) => {
      looks += 1;
      return service.catalog.describe(id);
    },
  };
  const before = await service.store.undelivered();
  await explainOpenAlerts({ ...service, catalog }, 2);
  expect(looks).toBe(2);
  expect(await service.store.undelivered()).toEqual(before);
});

test('a secret that cannot be looked at is explained by the register', async () => {
  const service = await withStuck(3);
  const refused = () => Promise.reject(new CatalogError('refused', { reason: 'throttled', retryable: true }));
  const [alert] = (
    await explainOpenAlerts({ ...service, catalog: { ...service.catalog, describe: refused } }, 5)
  ).alerts;
  expect(alert).toMatchObject({ code: 'stuck-pending', risk: undefined, command: undefined });
  expect(alert?.what).not.toBe('');
  expect(alert?.doNow).not.toBe('');
});

test('a target that cannot be listed is shown without a look', async () => {
  const service = aService();
  const blind = {
    ...service,
    catalog: {
      ...service.catalog,
      // biome-ignore lint/correctness/useYield: the first page already fails
      async *list() {
        throw new CatalogError('denied', { reason: 'denied', retryable: false });
      },
    },
  };
  await sweepSecrets(blind);
  service.clock.advance(20 * MINUTE);
  await sweepSecrets(blind);
  expect((await explainOpenAlerts(service, 5)).alerts).toMatchObject([{ code: 'target-unreachable' }]);
  expect(await showOpenAlerts(service, {})).toContain('listsecrets?region=eu-west-1');
});

test('alerts of other accounts are shown, each looked at where it is', async () => {
  const service = await withStuck(3);
  const member = { account: '444455556666', region: 'eu-west-1' };
  const state = await service.store.read(named('stuck-3').arn);
  if (state === undefined) throw new Error('The state is missing');
  const subject = named('stuck-3').arn.replace('111122223333', member.account);
  await service.store.write({ ...state, ...member, subject, name: 'elsewhere', revision: 0 });
  const asked: string[] = [];
  const accessTo: typeof service.accessTo = (target) => {
    asked.push(target.account);
    return { catalog: service.catalog, inspector: undefined, history: undefined };
  };
  const members = [{ accounts: [member.account], organizationalUnits: [], regions: [member.region] }];
  const settings = { ...service.settings, members };
  const { alerts } = await explainOpenAlerts({ ...service, accessTo, settings }, 5);
  expect(alerts.map(({ name, account }) => `${name} ${account}`)).toEqual([
    'stuck-3 111122223333',
    'elsewhere 444455556666',
  ]);
  expect(asked).toEqual(['444455556666']);
});

test('everything that comes from outside is escaped', async () => {
  const service = aService();
  const name = `<img src=x onerror="alert(1)">&'`;
  service.catalog.put(pendingSince('evil', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  const { arn } = named('evil');
  const state = await service.store.read(arn);
  if (state === undefined) throw new Error('The state is missing');
  await service.store.write({ ...state, name });
  const html = await showOpenAlerts(service, {});
  expect(html).not.toContain('<img');
  expect(html).not.toContain('onerror="');
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;');
  expect(html.match(/<(?!\/?(table|tr|th|td|span|a|b|br|p|pre)\b)/g)).toBeNull();
});

test('without an open alert it says so', async () => {
  const service = aService();
  service.catalog.put(healthy('fine'));
  await sweepSecrets(service);
  expect(await showOpenAlerts(service, {})).toContain('No alert is open');
});

test('describe answers the documentation in Markdown and looks at nothing', async () => {
  const service = await withStuck(3);
  const store = { ...service.store, open: () => Promise.reject(new Error('looked')) };
  expect(await showOpenAlerts({ ...service, store }, { describe: true })).toMatch(/^## Open alerts/);
});
