import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type { DatabaseKind, DatabaseRotationHandler } from '../../../client/src/rotation/database-handler.ts';
import type { rehearse } from '../../../client/src/testing/rehearse.ts';
import type { Fields, RehearseOptions } from '../../../client/src/testing/stage.ts';

/** Files that hold the guards of the ready handlers. */
const FILES = ['client/src/rotation/rotation-handler.ts', 'client/src/rotation/database-handler.ts'];
const FOLDER = 'node_modules/.cache/client-guards';

/** A guard, and the text of its file without it. */
interface Removed {
  readonly guard: string;
  readonly file: string;
  readonly text: string;
}

/** Every guard of a file, removed one at a time. */
async function guardsOf(file: string): Promise<readonly Removed[]> {
  const text = await readFile(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Removed[] = [];
  const replace = (node: ts.Node, by: string) => {
    const guard = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText().slice(0, 60)}`;
    found.push({ guard, file, text: text.slice(0, node.getStart()) + by + text.slice(node.getEnd()) });
  };
  const operands = (node: ts.Node) => {
    if (!ts.isBinaryExpression(node)) return;
    const kind = node.operatorToken.kind;
    if (kind !== ts.SyntaxKind.BarBarToken && kind !== ts.SyntaxKind.AmpersandAmpersandToken) return;
    for (const side of [node.left, node.right]) {
      operands(side);
      replace(side, kind === ts.SyntaxKind.BarBarToken ? 'false' : 'true');
    }
  };
  const visit = (node: ts.Node) => {
    if (ts.isIfStatement(node)) {
      replace(node.expression, 'false');
      operands(node.expression);
    } else if (ts.isArrowFunction(node) && ts.isBinaryExpression(node.body)) operands(node.body);
    else if (ts.isThrowStatement(node) && !ts.isIfStatement(node.parent)) replace(node, '');
    else if (ts.isExpressionStatement(node) && /^(await )?this\./.test(node.getText()))
      if (!/^this[.#\w]+ =/.test(node.getText())) replace(node, '');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The rehearsal and the handlers to rehearse. */
interface Loaded {
  readonly rehearse: typeof rehearse;
  readonly DatabaseRotationHandler: typeof DatabaseRotationHandler;
}

/** Loads the handlers with a guard removed, or as they are. Pauses take no time. */
async function load(removed: Removed | undefined, index: number): Promise<Loaded> {
  const outfile = resolve(FOLDER, `${index}.mjs`);
  await build({
    stdin: {
      contents: `export { rehearse } from './client/src/testing/rehearse.ts';
        export { DatabaseRotationHandler } from './client/src/rotation/database-handler.ts';`,
      resolveDir: '.',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*'],
    define: { setTimeout: 'setImmediate' },
    plugins: [
      {
        name: 'without a guard',
        setup: ({ onLoad }) =>
          onLoad({ filter: /rotation-handler|database-handler/ }, ({ path }) =>
            removed !== undefined && path === resolve(removed.file)
              ? { contents: removed.text, loader: 'ts' }
              : undefined,
          ),
      },
    ],
  });
  return (await import(`${pathToFileURL(outfile).href}?${Date.now()}`)) as Loaded;
}

const PORT = 3306;
const [APP, MASTER, OTHER] = [
  { username: 'app', password: 'the-first-password' },
  { username: 'master', password: 'the-master-password' },
  { username: 'other', password: 'the-other-password' },
] as const;
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:master-AbCdEf';
/** Names and ports under which the one database of the test answers. */
const ELSEWHERE = { username: 'elsewhere', host: 'other-name', port: 3307 };

/** A database of two engines in memory. */
class Database {
  readonly users = new Map<string, string>();

  async reset(): Promise<void> {
    this.users.clear();
    for (const { username, password } of [APP, MASTER, OTHER]) this.users.set(username, password);
  }

  async accepts({ username, password }: Fields): Promise<boolean> {
    return this.users.get(String(username)) === password;
  }

  kind(engine: string): DatabaseKind {
    return {
      engines: [engine],
      longestUser: 32,
      classify: (error) => ((error as Error).message === 'refused' ? 'refused' : 'other'),
      logIn: async (secret) => {
        const { username, host, port } = secret;
        if (![ELSEWHERE.host, 'db'].includes(host) || ![ELSEWHERE.port, PORT].includes(port))
          throw new Error('unreachable');
        if (!(await this.accepts({ ...secret }))) throw new Error('refused');
        return {
          probe: async () => undefined,
          setOwnPassword: async (password) => void this.users.set(username, password),
          setUser: async (user, password) => {
            if (username !== MASTER.username) throw new Error('not allowed');
            this.users.set(user, password);
          },
          end: async () => undefined,
        };
      },
    };
  }
}

const HANDLERS = (['mysql', 'postgres'] as const).flatMap((engine) =>
  (['single-user', 'alternating-users'] as const).map((strategy) => ({ engine, strategy })),
);

/** The promises that the four handlers break; no handler is rehearsed before those of the one before it are asked for. */
async function* brokenBy(loaded: Loaded): AsyncGenerator<string> {
  for (const { engine, strategy } of HANDLERS) {
    const database = new Database();
    const place = { engine, host: 'db', port: PORT };
    const secret = { ...place, ...APP, masterarn: ARN };
    const alternates = strategy === 'alternating-users';
    const other = (fields: Fields) => ({ [ARN]: JSON.stringify({ ...place, ...MASTER, ...fields }) });
    const options: RehearseOptions = {
      handler: (client, log) =>
        new loaded.DatabaseRotationHandler(database.kind(engine), { client, log, strategy }).handle,
      secret,
      otherSecrets: other({}),
      database,
      elsewhere: ELSEWHERE,
      otherUser: { ...place, ...OTHER },
      usesPrevious: !alternates,
      wrongSecrets: [
        { ...secret, engine: 'oracle' },
        { ...secret, host: undefined },
        { ...secret, username: 'x'.repeat(33) },
        ...(alternates ? [{ ...secret, masterarn: undefined }] : []),
      ],
      wrongOtherSecrets: alternates
        ? [other({ host: ELSEWHERE.host }), other({ password: 'wrong-password' })]
        : [],
    };
    yield* (await loaded.rehearse(options)).broken;
  }
}

const GUARDS = (await Promise.all(FILES.map(guardsOf))).flat();
await mkdir(FOLDER, { recursive: true });

test('the ready handlers break no promise in memory, and they have guards', async () => {
  const broken: string[] = [];
  for await (const promise of brokenBy(await load(undefined, GUARDS.length))) broken.push(promise);
  expect(broken).toEqual([]);
  expect(GUARDS.length).toBeGreaterThan(30);
});

test.each(GUARDS.map((removed, index) => [removed.guard, removed, index] as const))(
  'a rehearsal finds that a guard is gone: %s',
  async (_guard, removed, index) => {
    const { done } = await brokenBy(await load(removed, index)).next();
    expect(done).toBe(false);
  },
);
