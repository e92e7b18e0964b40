import { basename, join, resolve } from 'node:path';
import type { Acceptance, Connection, Settings, Source } from './documents.js';
import { expandEnvironment } from './environment.js';
import { child, children, isMapping, mappingAt, type Place, rootOf, textAt } from './place.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * seamwright.yaml (already valid) with every default filled in; `source` undefined means a workspace without the file.
 *
 * `SEAMWRIGHT_BROKER_URL` and `SEAMWRIGHT_DATABASE_URL` are read by generated services at run time, not here, and generated files hold URLs as they are
 * written: output must not depend on the machine.
 */
export function readSettings(source: Source | undefined, root: string, project: string, env: Environment): Settings {
  const file: Place | undefined = source && rootOf(source);
  const system = textAt(file, 'system') ?? systemName(root);
  const against = textAt(file && child(file, 'breaking'), 'against');
  const templates = textAt(file, 'templates');
  const at = mappingAt(file);
  return {
    system,
    broker: connection(at.broker, 'memory', env),
    store: connection(at.store, 'pglite', env),
    output: resolve(project, textAt(file, 'output') ?? join('generated', system)),
    services: resolve(project, textAt(file, 'services') ?? join('services', system)),
    contracts: (at.contracts as readonly string[] | undefined) ?? DEFAULT_CONTRACTS,
    naming: (at.naming as Settings['naming'] | undefined) ?? {},
    policies: (at.policies as Settings['policies'] | undefined) ?? {},
    envelope: (at.envelope as Settings['envelope'] | undefined) ?? {},
    rules: (at.rules as Settings['rules'] | undefined) ?? {},
    accept: acceptances(file && child(file, 'accept')),
    breaking: against === undefined ? {} : { against },
    ...(Array.isArray(at.topology) && { topology: at.topology as readonly string[] }),
    ...(Array.isArray(at.mesh) && { mesh: at.mesh as readonly string[] }),
    ...(templates !== undefined && { templates: resolve(root, templates) }),
  };
}

/** Reads shapes `contracts/<feature>/feature.yaml`, `shared/contracts/*` and `<service>/features/*` alike. */
export const DEFAULT_CONTRACTS: readonly string[] = ['**/feature.yaml', '**/feature.yml', '**/feature.json'];

function connection(value: unknown, fallback: string, env: Environment): Connection {
  if (!isMapping(value)) return { kind: typeof value === 'string' ? value : fallback };
  const kind = typeof value.kind === 'string' ? value.kind : fallback;
  const urlText = typeof value.url === 'string' ? value.url.trim() : '';
  const url = expandEnvironment(urlText, env);
  return { kind, ...(url !== '' && { url }), ...(urlText !== '' && { urlText }) };
}

function acceptances(list: Place | undefined): readonly Acceptance[] {
  if (list === undefined) return [];
  return children(list).map(([, item]) => {
    const subject = textAt(item, 'subject');
    const until = textAt(item, 'until');
    return {
      rule: textAt(item, 'rule') ?? '',
      reason: textAt(item, 'reason') ?? '',
      at: item.source.at(item.path),
      ...(subject !== undefined && { subject }),
      ...(until !== undefined && { until }),
    };
  });
}

/** A name that is valid as a folder and as a package path, from a folder with any name. */
function systemName(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return name === '' ? 'system' : name;
}
