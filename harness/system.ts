import { formatPosition } from '../generator/diagnostics/position.js';
import { loadWorkspace } from '../generator/load/workspace.js';
import { buildModel } from '../generator/model/build.js';
import type { Model } from '../generator/model/types.js';
import { UsageError } from '../runtime/errors.js';
import { loadServices, subjectOf } from './load-subject.js';
import { loadTypeScript } from './load-typescript.js';
import type { ServiceCode, Subject } from './subject.js';

/** A workspace with the code of its services. */
export interface SystemUnderTest {
  readonly name: string;
  readonly model: Model;
  /** Folder that `package.json` lies in; absolute. */
  readonly project: string;
  /** Folder of the contracts; absolute. */
  readonly contracts: string;
  /** `generated/<system>`; absolute. */
  readonly output: string;
  /** `services/<system>`; absolute. */
  readonly servicesFolder: string;
  readonly services: ReadonlyMap<string, ServiceCode>;
  subject(service: string): Subject;
}

export interface SystemPlace {
  /** Folder of contracts; relative to `cwd`. */
  readonly workspace: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Reads contracts and loads what was generated and written for them. Throws `UsageError` that names the place when they cannot be read. */
export async function loadSystem({ workspace: folder, cwd, env = process.env }: SystemPlace): Promise<SystemUnderTest> {
  const { workspace, findings } = await loadWorkspace(folder, { cwd, env, validate: 'fast' });
  const unreadable = findings.filter((finding) => finding.unreadable);
  if (workspace === undefined || unreadable.length > 0) {
    const [first] = unreadable.length > 0 ? unreadable : findings;
    throw new UsageError(
      first === undefined
        ? `there are no contracts in "${folder}"`
        : `${formatPosition(first.at)}: ${first.message.replace(/\.$/, '')}`,
    );
  }
  const { model } = buildModel(workspace);
  const { output, services: servicesFolder } = workspace.settings;
  await loadTypeScript();
  const services = await loadServices(model, { output, services: servicesFolder });
  const subjects = new Map<string, Subject>();
  return {
    name: model.system,
    ...{ model, output, servicesFolder, services },
    project: workspace.project,
    contracts: workspace.root,
    subject(service) {
      const known = subjects.get(service) ?? subjectOf(model, services, service);
      subjects.set(service, known);
      return known;
    },
  };
}
