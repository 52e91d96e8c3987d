import { type RehearseOptions, STEPS, type Stage } from './stage.ts';

/** Plays one act; answers whether the promise was kept. `anew` begins again with other options. */
export type Act = (
  stage: Stage,
  options: RehearseOptions,
  anew: (changes: Partial<RehearseOptions>) => Stage,
) => Promise<boolean>;

/** AWSCURRENT is the version of the token, and the target accepts it. */
export const endedWell = async (
  stage: Stage,
  { database }: RehearseOptions,
  token = 'token-2',
): Promise<boolean> => stage.isCurrent(token) && (await database.accepts(stage.value('AWSCURRENT')));

/** A step in a state in which it makes no sense fails on purpose and writes nothing. */
const refuses =
  (prepare: (stage: Stage) => void, token?: string, steps: readonly string[] = STEPS): Act =>
  async (stage) => {
    prepare(stage);
    for (const step of steps) if (!(await stage.refuses(step, token))) return false;
    return stage.secrets.writes === 0;
  };

const ELSEWHERE = { username: 'elsewhere', host: 'elsewhere', port: 1 };

/** Changes the pending value behind the handler's back, and expects setSecret to refuse it. */
const refusesTarget =
  (field: keyof typeof ELSEWHERE): Act =>
  async (stage, { secret, database, elsewhere = ELSEWHERE }) => {
    if (!(field in secret)) return true;
    await stage.fails('createSecret');
    stage.change('AWSPENDING', { [field]: elsewhere[field] ?? ELSEWHERE[field] });
    return (await stage.refuses('setSecret')) && database.accepts(secret);
  };

/** A rotation that ended, then a target that accepts AWSPREVIOUS alone, then the next rotation. */
async function setBack(stage: Stage, { database }: RehearseOptions): Promise<boolean> {
  if (await stage.rotationFails()) return false;
  await database.reset();
  stage.secrets.begin('token-3');
  return true;
}

/** AWSPREVIOUS whose other fields are those of another user or place logs nobody in. */
const refusesPrevious =
  (field: keyof typeof ELSEWHERE): Act =>
  async (stage, options) => {
    const { usesPrevious = false, secret, otherUser, elsewhere = ELSEWHERE, database } = options;
    const other = field === 'username' ? otherUser : { [field]: elsewhere[field] };
    if (!usesPrevious || !(field in secret) || other === undefined) return true;
    if (!(await setBack(stage, options))) return false;
    stage.change('AWSPREVIOUS', other);
    await stage.fails('createSecret', 'token-3');
    const refused = await stage.refuses('setSecret', 'token-3');
    return refused && database.accepts(otherUser ?? secret);
  };

/** Fields of a value that no target accepts. */
const refusedParts = ({
  secret,
  secretKeys = ['password'],
}: RehearseOptions): Readonly<Record<string, string>> =>
  Object.fromEntries(secretKeys.map((key) => [key, `not-${String(secret[key])}`]));

/** The acts of a rehearsal, by the promise that each proves. */
export const ACTS: Readonly<Record<string, Act>> = {
  'a rotation ends with an AWSCURRENT that the target accepts': async (stage, options) =>
    !(await stage.rotationFails()) && endedWell(stage, options),
  'every step can be repeated': async (stage, options) =>
    !(await stage.rotationFails(undefined, 2)) && endedWell(stage, options),
  'a step that runs twice at once ends well, repeated once more at most': async (stage, options) => {
    for (const step of STEPS) {
      const failed = await Promise.all([stage.fails(step), stage.fails(step)]);
      if (failed.includes(true) && (await stage.fails(step))) return false;
    }
    return endedWell(stage, options);
  },
  'createSecret changes neither AWSCURRENT nor the target': async (stage, { secret, database }) =>
    !(await stage.fails('createSecret')) && stage.isCurrent('version-1') && database.accepts(secret),
  'createSecret makes a new secret part': async (stage, { secret, secretKeys = ['password'] }) => {
    await stage.fails('createSecret');
    const pending = stage.value('AWSPENDING');
    return secretKeys.every((key) => pending[key] !== undefined && pending[key] !== secret[key]);
  },
  'createSecret keeps a pending value that is there': async (stage) => {
    await stage.fails('createSecret');
    const before = stage.secrets.at('AWSPENDING')?.text;
    await stage.fails('createSecret');
    return before !== undefined && stage.secrets.at('AWSPENDING')?.text === before;
  },
  'createSecret refuses a value that cannot be rotated, and writes nothing': async (
    stage,
    { wrongSecrets = [] },
  ) => {
    for (const wrong of wrongSecrets) {
      const version = stage.secrets.versions.get('version-1');
      if (version !== undefined) version.text = JSON.stringify(wrong);
      if (!(await stage.refuses('createSecret')) || stage.secrets.writes > 0) return false;
    }
    return true;
  },
  'an empty pending version is never used': refuses(() => undefined, undefined, STEPS.slice(1)),
  'a pending value that can be read a moment later is waited for': async (stage) => {
    await stage.fails('createSecret');
    stage.secrets.lag = 2;
    return !(await stage.fails('setSecret'));
  },
  'AWSCURRENT moves at finishSecret and not before': async (stage) => {
    for (const step of STEPS.slice(0, 3)) await stage.fails(step);
    return stage.isCurrent('version-1');
  },
  'setSecret fails while the target refuses every version': async (stage, options) => {
    await stage.fails('createSecret');
    stage.change('AWSCURRENT', refusedParts(options));
    return (await stage.refuses('setSecret')) && options.database.accepts(options.secret);
  },
  'setSecret fails while nothing listens where the target should be': async (stage, { secret, database }) => {
    if (!('port' in secret)) return true;
    await stage.fails('createSecret');
    for (const version of ['AWSCURRENT', 'AWSPENDING']) stage.change(version, { port: 1 });
    return (await stage.refuses('setSecret')) && database.accepts(secret);
  },
  'setSecret fails with another secret that is wrong': async (_stage, options, anew) => {
    const { wrongOtherSecrets = [], secret, database } = options;
    for (const otherSecrets of wrongOtherSecrets) {
      const stage = anew({ otherSecrets });
      await stage.fails('createSecret');
      if (!(await stage.refuses('setSecret')) || !(await database.accepts(secret))) return false;
    }
    return true;
  },
  'testSecret fails while the target refuses the pending value': async (stage) => {
    await stage.fails('createSecret');
    return stage.refuses('testSecret');
  },
  'setSecret logs in with AWSPREVIOUS where AWSCURRENT is refused': async (stage, options) => {
    if (options.usesPrevious !== true) return true;
    if (!(await setBack(stage, options))) return false;
    return !(await stage.rotationFails('token-3')) && endedWell(stage, options, 'token-3');
  },
  'AWSPREVIOUS of another user is not used': refusesPrevious('username'),
  'AWSPREVIOUS of another host is not used': refusesPrevious('host'),
  'AWSPREVIOUS of another port is not used': refusesPrevious('port'),
  'a second rotation works': async (stage, options) => {
    if (await stage.rotationFails()) return false;
    stage.secrets.begin('token-3');
    return !(await stage.rotationFails('token-3')) && endedWell(stage, options, 'token-3');
  },
  'a version that is AWSCURRENT already is left alone': async (stage) => {
    stage.secrets.versions.delete('token-2');
    const failed = await stage.rotationFails('version-1');
    return !failed && stage.secrets.writes === 0;
  },
  'a secret whose rotation is off is refused': refuses((stage) => {
    stage.secrets.rotationEnabled = false;
  }),
  'a token without a version is refused': refuses(() => undefined, 'token-9'),
  'a token that is not AWSPENDING is refused': refuses((stage) => {
    stage.secrets.versions.set('token-2', { text: '{}', stages: ['CUSTOM'] });
  }),
  'an unknown step is refused': refuses(() => undefined, undefined, ['otherSecret']),
  'a pending value of another user is refused': refusesTarget('username'),
  'a pending value of another host is refused': refusesTarget('host'),
  'a pending value of another port is refused': refusesTarget('port'),
};
