import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { goSource } from './go-source.ts';
import { type Ground, programPath, type Ran, run } from './ground.ts';
import { callerOf } from './judgements.ts';

/** The release of OpenTofu. */
export const TOFU_VERSION = 'v1.12.6';

/** The folder of OpenTofu's program. */
export const tofuIn = (ground: Ground): Promise<string> =>
  goSource(ground, {
    module: `github.com/opentofu/opentofu@${TOFU_VERSION}`,
    main: './cmd/tofu',
    program: 'tofu',
  });

/** Values of the variables of a deployment. */
export type Variables = Readonly<Record<string, string | boolean>>;

/** A deployment with its state. */
export interface Tofu {
  apply(variables: Variables): Promise<Ran>;
  destroy(variables: Variables): Promise<Ran>;
  /** Looks for differences: status 0 when there is nothing to change, 2 when there is. */
  plan(variables: Variables): Promise<Ran>;
  /** The attributes of every resource, by its type, as the last command saw them. */
  state(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  close(): Promise<void>;
}

const resource = z.object({ type: z.string(), values: z.record(z.string(), z.unknown()) });
const shown = z.object({
  values: z.object({ root_module: z.object({ resources: z.array(resource).optional() }) }).optional(),
});

/** Opens an empty deployment of `peers/programs/tofu`, whose provider comes from a folder and needs no registry. */
export async function openTofu(
  folders: { readonly tofu: string; readonly provider: string },
  endpoint: string,
): Promise<Tofu> {
  const folder = await mkdtemp(join(tmpdir(), 'tofu-'));
  const settings = join(folder, 'settings.tfrc');
  const installation = `dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(folders.provider)}\n  }`;
  await writeFile(settings, `provider_installation {\n  ${installation}\n}\n`);
  const env = { ...callerOf(endpoint), TF_CLI_CONFIG_FILE: settings, TF_DATA_DIR: join(folder, 'data') };
  const [program, cwd] = [join(folders.tofu, 'tofu'), programPath('tofu')];
  const state = `-state=${join(folder, 'state')}`;
  const tofu = (command: string, words: readonly string[], variables: Variables): Promise<Ran> => {
    const values = Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
    const all = [command, '-input=false', '-no-color', state, ...words, ...values];
    return run(program, all, { cwd, env });
  };
  return {
    apply: (variables) => tofu('apply', ['-auto-approve'], variables),
    destroy: (variables) => tofu('destroy', ['-auto-approve'], variables),
    plan: (variables) => tofu('plan', ['-detailed-exitcode'], variables),
    state: async () => {
      const { stdout } = await run(program, ['show', '-json', join(folder, 'state')], { cwd, env });
      const { values } = shown.parse(JSON.parse(stdout));
      return new Map(values?.root_module.resources?.map((each) => [each.type, each.values]));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
