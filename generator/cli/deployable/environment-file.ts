import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMapping } from '../../load/place.js';
import { parseYaml } from '../../load/yaml.js';

/**
 * What is deployed, from a YAML or JSON file: `service: version`, also below a key `services`. Returns the mistake as a sentence when it is no such file.
 */
export function readEnvironment(cwd: string, file: string): ReadonlyMap<string, string> | string {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    return `"${file}" cannot be read (${(error as NodeJS.ErrnoException).code}).`;
  }
  const read = parseYaml(text);
  if ('problems' in read) return `"${file}" is no YAML: ${read.problems[0]?.message ?? ''}`;
  const whole = read.parsed.value;
  const value = isMapping(whole) && isMapping(whole.services) ? whole.services : whole;
  if (!isMapping(value)) return `"${file}" holds no mapping of services to versions, such as "people: 1.4.0".`;
  const deployed = new Map<string, string>();
  for (const [service, entry] of Object.entries(value)) {
    const version = isMapping(entry) ? entry.version : entry;
    if (typeof version !== 'string') return `"${file}" gives "${service}" no version in quotes, such as "1.4.0".`;
    deployed.set(service, version);
  }
  return deployed;
}
