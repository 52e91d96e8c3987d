import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import type { Input } from '../call/service.ts';
import { credentialScope } from './credential.ts';
import { element } from './query.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

/** Operations on an object, by method, as long as the query names no part of it such as `acl`. */
const ON_OBJECTS: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
};

/** Members of the query string that are input; others ask for operations that are not simulated. */
const QUERY: Readonly<Record<string, string>> = {
  versionId: 'VersionId',
  prefix: 'Prefix',
  'key-marker': 'KeyMarker',
  'version-id-marker': 'VersionIdMarker',
  'max-keys': 'MaxKeys',
};

/** Headers that are input. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'ContentType',
  'if-none-match': 'IfNoneMatch',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
  'x-amz-object-lock-mode': 'ObjectLockMode',
  'x-amz-object-lock-retain-until-date': 'ObjectLockRetainUntilDate',
};

/**
 * The REST protocol of S3: bucket in the host or the path, object in the path, XML out.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAPI.html
 */
export const restS3Protocol: Protocol = (request, exchange) =>
  credentialScope(request.headers['authorization'])?.service === 's3' ? answer(request, exchange) : undefined;

async function answer(request: WireRequest, exchange: Exchange): Promise<WireResponse> {
  const requestId = exchange.requestId();
  const { operation, input } = read(request);
  try {
    const output = await exchange.dispatch({ service: 's3', operation, input, role: request.role });
    return operation === 'ListObjectVersions'
      ? listed(output, requestId)
      : object(output, operation, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, status } = error;
    const body = request.method === 'HEAD' ? '' : element('Error', { Code: code, Message: message });
    return { status, headers: headersOf(requestId), body };
  }
}

const headersOf = (requestId: string): Record<string, string> => ({
  'content-type': 'application/xml',
  'x-amz-request-id': requestId,
});

/** An operation that is not simulated is named by its method and what the query asks for. */
function read(request: WireRequest): { operation: string; input: Input } {
  const { method, query, headers } = request;
  const { Bucket, Key } = placeOf(request);
  const others = Object.keys(query).filter((name) => name !== 'x-id' && !Object.hasOwn(QUERY, name));
  const asked = others.join('&');
  const onObject = Key !== '' && asked === '' ? ON_OBJECTS[method] : undefined;
  const listing = Key === '' && method === 'GET' && asked === 'versions' ? 'ListObjectVersions' : undefined;
  const operation = onObject ?? listing ?? `${method} ${Key === '' ? 'bucket' : 'object'} ${asked}`.trim();
  const input = {
    Bucket,
    ...(Key !== '' && { Key }),
    ...renamed(query, QUERY),
    ...(method === 'PUT' && {
      ...renamed(headers, HEADERS),
      Body: request.body,
      HasChecksum: proven(headers),
    }),
  };
  return { operation, input };
}

function placeOf({ path, headers }: WireRequest): { Bucket: string; Key: string } {
  const [, inHost] = /^(.+)\.s3[.-]/.exec(headers['host'] ?? '') ?? [];
  const [first = '', ...rest] = path.split('/').slice(1).map(decodeURIComponent);
  if (inHost !== undefined) return { Bucket: inHost, Key: [first, ...rest].join('/') };
  return { Bucket: first, Key: rest.join('/') };
}

const renamed = (given: Readonly<Record<string, string>>, names: Readonly<Record<string, string>>): Input =>
  Object.fromEntries(
    Object.entries(names).flatMap(([name, member]) => {
      const value = given[name];
      return value === undefined || value === '' ? [] : [[member, value]];
    }),
  );

const proven = (headers: WireRequest['headers']): boolean =>
  Object.keys(headers).some((name) => name === 'content-md5' || name.startsWith('x-amz-checksum-'));

const stored = z.object({
  Body: z.string(),
  ETag: z.string(),
  VersionId: z.string(),
  ChecksumSHA256: z.string(),
  ContentType: z.string(),
  ContentLength: z.number(),
  LastModified: z.date(),
  ObjectLockMode: z.string().optional(),
  ObjectLockRetainUntilDate: z.date().optional(),
});

function object(output: unknown, operation: string, requestId: string): WireResponse {
  const version = stored.parse(output);
  const about = {
    ...headersOf(requestId),
    etag: version.ETag,
    'x-amz-version-id': version.VersionId,
    'x-amz-checksum-sha256': version.ChecksumSHA256,
  };
  if (operation === 'PutObject') return { status: 200, headers: about, body: '' };
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = version;
  const headers = {
    ...about,
    'content-type': version.ContentType,
    'content-length': String(version.ContentLength),
    'last-modified': version.LastModified.toUTCString(),
    ...(mode !== undefined && { 'x-amz-object-lock-mode': mode }),
    ...(until !== undefined && { 'x-amz-object-lock-retain-until-date': until.toISOString() }),
  };
  return { status: 200, headers, body: operation === 'HeadObject' ? '' : version.Body };
}

const versions = z.looseObject({ Version: z.array(z.record(z.string(), z.unknown())) });

function listed(output: unknown, requestId: string): WireResponse {
  const { Version, ...rest } = versions.parse(output);
  const members = Object.entries(rest).map(([name, value]) => element(name, value));
  const items = Version.map((version) => element('Version', version));
  const body = `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${[...members, ...items].join('')}</ListVersionsResult>`;
  return { status: 200, headers: headersOf(requestId), body };
}
