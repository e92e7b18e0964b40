import type { Finding } from '../../diagnostics/finding.js';
import type { Workspace } from '../../load/documents.js';
import type { Feature } from '../types.js';
import { Node } from './node.js';

/** A feature file with the name that everything in it is filed under. */
export interface FeatureFile {
  readonly name: string;
  readonly node: Node;
  /** Set when the file speaks for one service only (shape D). */
  readonly service?: string;
}

/** What every part of the build reads; `findings` collects what cannot be said in the model itself. */
export interface BuildContext {
  readonly workspace: Workspace;
  readonly files: readonly FeatureFile[];
  readonly findings: Finding[];
}

/** Reads names of feature files once: a template placeholder takes the folder's name. */
export function buildContext(workspace: Workspace): BuildContext {
  const files = workspace.features.map((document): FeatureFile => {
    const node = Node.of(document.source);
    const service = node.get('service');
    return {
      name: node.get('name').text() ?? document.folder,
      node,
      ...(service.exists ? { service: nameOf(service, document.folder) } : {}),
    };
  });
  return { workspace, files, findings: [] };
}

/** A name, or the fallback when the template placeholder `{like-this}` was left in. */
export function nameOf(node: Node, fallback: string): string {
  return node.text() ?? fallback;
}

/** Text of an unfilled placeholder such as `{feature-name}`, which YAML reads as a mapping with one empty value. */
export function placeholderOf(node: Node): string | undefined {
  const [only, ...rest] = node.entries();
  return only !== undefined && rest.length === 0 && !only[1].exists ? `{${only[0]}}` : undefined;
}

/** The feature files that stand for a whole feature, not for one service. */
export function sharedFiles(context: BuildContext): readonly FeatureFile[] {
  return context.files.filter((file) => file.service === undefined);
}

export type FeatureMap = ReadonlyMap<string, Feature>;
