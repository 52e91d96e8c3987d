import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Call, Home, Operation, Service } from '../call/service.ts';

const TYPES = ['String', 'StringList', 'SecureString'] as const;

interface Parameter {
  readonly type: (typeof TYPES)[number];
  readonly value: string;
  readonly version: number;
  readonly changedAt: Date;
}

/** Largest value of a standard parameter: 4 KB. https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const MAX_VALUE_BYTES: number = 4 * 1024;

const putting = z.object({
  Name: z.string().min(1).max(2048),
  Value: z.string().min(1),
  Type: z.enum(TYPES).optional(),
  Overwrite: z.boolean().default(false),
});
const getting = z.object({ Name: z.string().min(1), WithDecryption: z.boolean().default(false) });

/** Parameter Store of Systems Manager: parameters by name, with their latest version only. */
export function createSsm(home: Home): Service {
  const parameters = new Map<string, Parameter>();
  return {
    operations: {
      PutParameter: putParameter(parameters),
      GetParameter: (input) => {
        const { Name, WithDecryption } = readInput(getting, input);
        const name = nameOf(parameters, Name);
        const found = parameters.get(name);
        if (found === undefined) throw new AwsError('ParameterNotFound', '');
        return { Parameter: shown(name, found, { home, WithDecryption }) };
      },
    },
  };
}

const putParameter =
  (parameters: Map<string, Parameter>): Operation =>
  (input, { now }: Call) => {
    const { Name, Value, Type, Overwrite } = readInput(putting, input);
    const known = parameters.get(Name);
    if (known !== undefined && !Overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    if (Buffer.byteLength(Value) > MAX_VALUE_BYTES) {
      throw new AwsError(
        'ValidationException',
        'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.',
      );
    }
    const type = Type ?? known?.type;
    if (type === undefined) {
      throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    }
    const version = (known?.version ?? 0) + 1;
    parameters.set(Name, { type, value: Value, version, changedAt: new Date(now) });
    return { Version: version, Tier: 'Standard' };
  };

/** A parameter may also be asked for by its ARN, which is the same for `a` and `/a`. */
function nameOf(parameters: ReadonlyMap<string, Parameter>, nameOrArn: string): string {
  const [, name] = /^arn:[^/]*:parameter\/(.+)$/.exec(nameOrArn) ?? [];
  if (name === undefined) return nameOrArn;
  return parameters.has(name) ? name : `/${name}`;
}

interface Reading {
  readonly home: Home;
  readonly WithDecryption: boolean;
}

/** Without decryption a SecureString is what KMS made of it; here, a text without any part of the value. */
function shown(
  name: string,
  { type, value, version, changedAt }: Parameter,
  { home, WithDecryption }: Reading,
): object {
  const hidden = type === 'SecureString' && !WithDecryption;
  return {
    Name: name,
    Type: type,
    Value: hidden ? Buffer.from('encrypted').toString('base64') : value,
    Version: version,
    LastModifiedDate: changedAt,
    ARN: `arn:aws:ssm:${home.region}:${home.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: 'text',
  };
}
