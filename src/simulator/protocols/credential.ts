/** The scope in a signed request's credential: `Credential=<access key id>/<date>/<region>/<service>/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Reads the Authorization header; undefined when the request is not signed. The signature is not checked. */
export function credentialScope(authorization: string | undefined): CredentialScope | undefined {
  const [, accessKeyId, region, service] =
    /Credential=([^/,\s]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
