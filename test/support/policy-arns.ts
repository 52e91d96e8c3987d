/**
 * Returns the ARN that a pattern of a policy for people stands for, such as `secretsmanager:secret:*`. Names of buckets
 * are unique in the world: their ARNs have neither region nor account.
 */
export const arnOf = (pattern: string): string => {
  if (pattern === '*') return pattern;
  const place = pattern.startsWith('s3:') ? ':::' : ':eu-west-1:111122223333:';
  return `arn:aws:${pattern.replace(':', place)}`;
};
