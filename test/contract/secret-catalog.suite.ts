import { expect, test } from 'vitest';
import { dayOf } from '../../src/monitor/domain/rotation/previous-version.ts';
import type { Secret } from '../../src/monitor/domain/secret/secret.ts';
import { currentVersion } from '../../src/monitor/domain/secret/version-stage.ts';
import type { SecretCatalog } from '../../src/monitor/ports/look/secret-catalog.ts';
import { aReplica, arn, NOW } from '../support/builders.ts';

/** A catalog with the secrets that the contract asks for: names `prod/000` … and one scheduled for deletion. */
export interface CatalogUnderTest {
  readonly catalog: SecretCatalog;
  /** Makes the secret scheduled for deletion, by name. */
  remove(name: string): Promise<void>;
  /** Makes an application request a secret, today. */
  use(name: string): Promise<void>;
  /** Copies a secret to `us-east-1`; the copy is under way. */
  replicate(name: string): Promise<void>;
}

const all = async (catalog: SecretCatalog, withDeleted = false): Promise<readonly (readonly Secret[])[]> => {
  const pages: (readonly Secret[])[] = [];
  for await (const { secrets } of catalog.list({ withDeleted })) pages.push(secrets);
  return pages;
};

/** Tests what every catalog has to do; `open` gives one with `count` secrets, each with one version. */
export function secretCatalogContract(open: (count: number) => Promise<CatalogUnderTest>): void {
  test('an empty catalog lists no secret', async () => {
    const { catalog } = await open(0);
    expect((await all(catalog)).flat()).toEqual([]);
  });

  test('the list comes in pages of at most 100 and misses none', async () => {
    const { catalog } = await open(230);
    const pages = await all(catalog);
    expect(pages.map((page) => page.length)).toEqual([100, 100, 30]);
    expect(new Set(pages.flat().map(({ name }) => name)).size).toBe(230);
  });

  test('the list goes on behind a page whose token is kept', async () => {
    const { catalog } = await open(230);
    const pages = catalog.list()[Symbol.asyncIterator]();
    const { value: first } = await pages.next();
    const rest: Secret[] = [];
    for await (const { secrets } of catalog.list({ from: first?.nextToken })) rest.push(...secrets);
    const names = [...(first?.secrets ?? []), ...rest].map(({ name }) => name);
    expect(names).toHaveLength(230);
    expect(new Set(names).size).toBe(230);
  });

  test('a secret is described by ARN and by name', async () => {
    const { catalog } = await open(1);
    const [listed] = (await all(catalog)).flat();
    const byName = await catalog.describe('prod/000');
    expect(byName?.arn).toBe(listed?.arn);
    expect(await catalog.describe(byName?.arn ?? '')).toEqual(byName);
  });

  test('list and description show the same stages', async () => {
    const { catalog } = await open(1);
    const [listed] = (await all(catalog)).flat();
    const described = await catalog.describe('prod/000');
    expect(described?.versionStages).toEqual(listed?.versionStages);
    expect(currentVersion(described?.versionStages ?? {})).toBeDefined();
  });

  test('a secret that does not exist is undefined and has no versions', async () => {
    const { catalog } = await open(0);
    const missing = arn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:none-AbCdEf');
    expect(await catalog.describe(missing)).toBeUndefined();
    expect(await catalog.versions(missing)).toEqual([]);
  });

  test('versions are read with the date they were made', async () => {
    const { catalog } = await open(1);
    const secret = await catalog.describe('prod/000');
    const versions = secret === undefined ? [] : await catalog.versions(secret.arn);
    expect(versions.map(({ versionId }) => versionId)).toEqual([currentVersion(secret?.versionStages ?? {})]);
    expect(versions[0]?.createdAt).toBeDefined();
  });

  test('a secret scheduled for deletion is described but listed only if asked for', async () => {
    const { catalog, remove } = await open(2);
    await remove('prod/000');
    expect((await all(catalog)).flat().map(({ name }) => name)).toEqual(['prod/001']);
    expect((await all(catalog, true)).flat().map(({ name }) => name)).toEqual(['prod/000', 'prod/001']);
    expect((await catalog.describe('prod/000'))?.deletedAt).toBeDefined();
  });

  test('one secret is found in the list, also among names that begin like its own', async () => {
    const { catalog, remove } = await open(2);
    await remove('prod/000');
    const pages = (await all(catalog, true)).flat();
    for (const listed of pages) expect(await catalog.listed(listed.arn)).toEqual(listed);
    const [first] = pages;
    const missing = arn(first?.arn.replace('prod/000', 'prod/00') ?? '');
    expect(await catalog.listed(missing)).toBeUndefined();
  });

  test('the day of the last request is read for the secret and for the version', async () => {
    const { catalog, use } = await open(1);
    const before = (await all(catalog)).flat()[0];
    expect(before?.lastAccessedAt).toBeUndefined();
    await use('prod/000');
    const [listed] = (await all(catalog)).flat();
    expect(listed?.lastAccessedAt).toBe(dayOf(NOW));
    const versions = listed === undefined ? [] : await catalog.versions(listed.arn);
    expect(versions.map(({ lastAccessedAt }) => lastAccessedAt)).toEqual([dayOf(NOW)]);
  });

  test('replicas are in the description alone; the list shows that there are some', async () => {
    const { catalog, replicate } = await open(1);
    await replicate('prod/000');
    const [listed] = (await all(catalog)).flat();
    expect(listed).toMatchObject({ primaryRegion: 'eu-west-1', region: 'eu-west-1', replicas: undefined });
    expect((await catalog.describe('prod/000'))?.replicas).toEqual([aReplica('us-east-1', 'InProgress')]);
  });
}
