import { ACTS, type Act, endedWell } from './acts.ts';
import { fieldsOf, openRemote, type RehearseOptions, STEPS, Stage } from './stage.ts';

/** The result of a rehearsal: the promises that the handler breaks, each in one sentence. */
export interface Rehearsal {
  readonly broken: readonly string[];
  /** Everything that was checked. */
  readonly checked: readonly string[];
}

const SILENT = 'no log line and no error shows a value';

/**
 * Plays a rotation handler through what happens to rotations, against a Secrets Manager in memory and your target:
 * repeated and simultaneous steps, an end between any two calls and a retry with the same token, refused log-ins, empty
 * versions, states in which a step makes no sense, values of another user or place, and a second rotation.
 *
 * @example
 * const { broken } = await rehearse({
 *   handler: (client, log) => mysqlRotation({ client, log }).handle,
 *   secret,
 *   database: { reset, accepts },
 * });
 * assert.deepEqual(broken, []);
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const remote = await openRemote(options);
  try {
    const broken: string[] = [];
    const checked: string[] = [];
    const said: unknown[] = [];
    const values = new Set<string>();
    const play = async (name: string, act: Act): Promise<Stage> => {
      await options.database.reset();
      const stages: Stage[] = [];
      const anew = (changes: Partial<RehearseOptions>) => {
        const stage = new Stage({ ...options, ...changes }, remote, said);
        stages.push(stage);
        return stage;
      };
      const stage = anew({});
      checked.push(name);
      if (!(await act(stage, options, anew))) broken.push(name);
      for (const { secrets } of stages)
        for (const { text } of secrets.versions.values())
          for (const value of secretsIn(text, options)) values.add(value);
      return stage;
    };
    for (const [name, act] of Object.entries(ACTS)) await play(name, act);
    const { secrets } = await play('a rotation makes calls', async (stage) => !(await stage.rotationFails()));
    for (let calls = 0; calls < secrets.calls; calls++) {
      const name = `a function that ends after call ${calls + 1} is repeated with the same token`;
      await play(name, (stage) => killedAndRepeated(stage, options, calls));
    }
    checked.push(SILENT);
    const text = JSON.stringify(said);
    if ([...values].some((value) => text.includes(value))) broken.push(SILENT);
    return { broken, checked };
  } finally {
    await remote?.close();
  }
}

/** Lets the function end after some calls, once, and repeats the step as Secrets Manager does. */
async function killedAndRepeated(stage: Stage, options: RehearseOptions, calls: number): Promise<boolean> {
  stage.secrets.killAfter = calls;
  for (const step of STEPS) {
    if (!(await stage.fails(step))) continue;
    stage.secrets.killAfter = Number.POSITIVE_INFINITY;
    if (await stage.fails(step)) return false;
  }
  return endedWell(stage, options);
}

/** Secret parts long enough to be looked for in texts. */
function secretsIn(
  text: string | undefined,
  { secretKeys = ['password'] }: RehearseOptions,
): readonly string[] {
  const fields = fieldsOf(text);
  return secretKeys.map((key) => String(fields[key] ?? '')).filter((value) => value.length >= 8);
}
