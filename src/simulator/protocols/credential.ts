/** What a signed request says about its sender: `Credential=<access key id>/<date>/<region>/<service>/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly service: string;
}

/** Reads the Authorization header; undefined when the request is not signed. The signature is not checked. */
export function credentialScope(authorization: string | undefined): CredentialScope | undefined {
  const [, accessKeyId, service] =
    /Credential=([^/,\s]+)\/\d+\/[^/]+\/([^/]+)\//.exec(authorization ?? '') ?? [];
  return accessKeyId === undefined || service === undefined ? undefined : { accessKeyId, service };
}
