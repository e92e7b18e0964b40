import { loadWorkspace } from '../../../generator/load/workspace.js';
import { buildModel } from '../../../generator/model/build.js';
import { loadServices, subjectOf } from '../../../harness/load-subject.js';
import type { ServiceCode, Subject } from '../../../harness/subject.js';
import { withoutOwnWork } from '../../../harness/world/roles.js';
import type { ServiceDefinition } from '../../../runtime/definition.js';
import { createService } from '../../../runtime/service.js';

const known = new Map<string, Promise<readonly Subject[]>>();

/** Every service of a worked system that has code, each as the one under test. */
export function everySubject(system: string): Promise<readonly Subject[]> {
  const subjects = known.get(system) ?? load(system);
  known.set(system, subjects);
  return subjects;
}

/** The same with handlers that do nothing: what is left is the runtime and the generated code, which need no SQL. */
export async function bareSubjects(system: string): Promise<readonly Subject[]> {
  const subjects = await everySubject(system);
  return subjects.map((subject) => {
    const services = new Map([...subject.services].map(([name, code]) => [name, bare(code)]));
    return subjectOf(subject.model, services, subject.name);
  });
}

export async function subjectNamed(system: string, service: string): Promise<Subject> {
  return found(await everySubject(system), service);
}

export async function bareSubject(system: string, service: string): Promise<Subject> {
  return found(await bareSubjects(system), service);
}

function found(subjects: readonly Subject[], service: string): Subject {
  const subject = subjects.find(({ name }) => name === service);
  if (subject === undefined) throw new Error(`there is no service ${service}`);
  return subject;
}

function bare(code: ServiceCode): ServiceCode {
  const handlers = Object.fromEntries(code.definition.effects.map(({ handler }) => [handler, async () => {}]));
  const definition = withoutOwnWork(code.definition);
  return { ...code, create: (options) => ({ service: createService(definition, { ...options, handlers }) }) };
}

async function load(system: string): Promise<readonly Subject[]> {
  const root = process.cwd();
  const { workspace } = await loadWorkspace(`contracts/${system}`, { cwd: root, validate: 'fast' });
  if (workspace === undefined) throw new Error(`contracts/${system} cannot be read`);
  const { model } = buildModel(workspace);
  const places = { output: `${root}/generated/${system}`, services: `${root}/services/${system}` };
  const services = await loadServices(model, places);
  return [...services.keys()].map((name) => subjectOf(model, services, name));
}

/** The same service by another definition, with handlers that do nothing. */
export function withDefinition(subject: Subject, definition: ServiceDefinition): Subject {
  const code = bare({ ...subject.code, definition });
  const services = new Map([...subject.services, [subject.name, code]]);
  return subjectOf(subject.model, services, subject.name);
}
