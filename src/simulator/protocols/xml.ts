/** Members that are maps in the API models of SNS and STS; every other object is a structure. */
const MAPS: ReadonlySet<string> = new Set(['Attributes']);

/** Lists of RDS, whose items have a name of their own. */
const ITEM_NAMES: Readonly<Record<string, string>> = { DBInstances: 'DBInstance', DBClusters: 'DBCluster' };

/** An XML element: objects become child elements, lists `member` elements unless their items have a name, maps `entry` elements, times ISO 8601. */
export function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(name, value)}</${name}>`;
}

function content(name: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => element(ITEM_NAMES[name] ?? 'member', item)).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  const members = Object.entries(value);
  if (!MAPS.has(name)) return members.map(([key, member]) => element(key, member)).join('');
  return members.map(([key, member]) => element('entry', { key, value: member })).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '&#xA;',
};

const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"\r\n]/g, (character) => ENTITIES[character] ?? character);
