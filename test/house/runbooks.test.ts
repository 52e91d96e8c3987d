import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AUDIT_CODES } from '../../src/monitor/domain/audit/audit-finding.ts';
import { FINDING_CODES } from '../../src/monitor/domain/finding/finding.ts';

const CODES = [...FINDING_CODES, ...AUDIT_CODES];
const FOLDER = 'docs/runbooks';
const SECTIONS = ['What it means', 'How to confirm', 'What is at risk', 'What to do', 'What not to do'];
const MAY_RUN =
  /^aws (secretsmanager (describe-secret|list-secrets|list-secret-version-ids|get-resource-policy|rotate-secret|restore-secret|replicate-secret-to-regions|update-secret-version-stage)|lambda (invoke|get-policy|get-function-configuration|get-function-concurrency|delete-function-concurrency|add-permission)|logs filter-log-events|cloudtrail lookup-events|rds (describe-db-instances|describe-db-clusters|modify-db-instance|modify-db-cluster)|sts get-caller-identity) ?/;

const read = (code: string): string => readFileSync(`${FOLDER}/${code}.md`, 'utf8');
const isPromotion = (line: string): boolean =>
  line.startsWith('aws ') && /finishSecret|--version-stage AWSCURRENT/.test(line);
const isRemoval = (line: string): boolean => /AWSPENDING --remove-from-version-id/.test(line);

test('every finding has a runbook, and every runbook a finding', () => {
  const pages = readdirSync(FOLDER).filter((name) => !['README.md', 'alarms.md'].includes(name));
  expect(pages.sort()).toEqual(CODES.map((code) => `${code}.md`).sort());
});

test.each(CODES)('the runbook of %s has all sections, in order', (code) => {
  const text = read(code);
  expect(text.split('\n')[0]).toBe(`# ${code}`);
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
});

test.each(CODES)('every command of the runbook of %s is one that does no harm', (code) => {
  const lines = read(code).split('\n');
  const commands = lines.filter((line) => line.startsWith('aws '));
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) expect(command).toMatch(MAY_RUN);
  for (const [, name = ''] of commands.join('\n').matchAll(/\$\{?([A-Z_]+)/g)) {
    expect(lines.some((line) => line.startsWith(`${name}=`))).toBe(true);
  }
});

test.each(CODES)('the runbook of %s promotes only the pending version, after its proof', (code) => {
  const lines = read(code).split('\n');
  for (const [index, line] of lines.entries()) {
    if (!isPromotion(line)) continue;
    expect(lines.slice(0, index).some((earlier) => /^aws lambda invoke .*testSecret/.test(earlier))).toBe(
      true,
    );
    expect(lines.slice(index - 3, index).join('\n')).toContain('Only if');
    if (line.includes('AWSCURRENT')) expect(line).toContain('--move-to-version-id "$PENDING"');
  }
});

test.each(CODES)('the runbook of %s takes AWSPENDING off only where that is safe', (code) => {
  for (const part of read(code).split(/^### /m)) {
    if (!part.split('\n').some(isRemoval)) continue;
    expect(part).toMatch(/setSecret had not begun|prove that AWSCURRENT still logs in/);
  }
});

test.each(CODES)('every link of the runbook of %s leads to something', (code) => {
  for (const [, page = '', anchor = ''] of read(code).matchAll(/\]\(([\w-]+\.md)#?([\w-]*)\)/g)) {
    expect(existsSync(`${FOLDER}/${page}`)).toBe(true);
    const headings = [...readFileSync(`${FOLDER}/${page}`, 'utf8').matchAll(/^#+ (.+)$/gm)];
    const anchors = headings.map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));
    if (anchor !== '') expect(anchors).toContain(anchor);
  }
});
