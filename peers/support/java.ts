import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ground, install } from './ground.ts';

/** A library of Maven Central, `group:name:version`; the answer is a class path with all that it needs. */
export async function javaWith(ground: Ground, coordinates: string): Promise<string> {
  const [group = '', name = '', version = ''] = coordinates.split(':');
  const folder = await ground.installed(`java-${name}-${version}`, async (path) => {
    ground.tell(`Fetching ${coordinates} from Maven Central…`);
    await writeFile(join(path, 'pom.xml'), projectOf(group, name, version));
    const words = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'];
    await install('mvn', words, { cwd: path });
  });
  return join(folder, 'lib', '*');
}

const projectOf = (group: string, name: string, version: string): string => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>peers</groupId>
  <artifactId>peers</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;
