import type { ReplicaDefinition, VersionRule } from '../../runtime/definition.js';
import type { Envelope } from '../../runtime/envelope.js';
import { compareVersions, type Version } from '../../runtime/guard.js';
import { instantNanoseconds } from '../../runtime/instant.js';
import type { Run } from '../history.js';

/** A message about an entity that the broker has taken. */
export interface Told {
  readonly messageId: string;
  readonly step: string | undefined;
  readonly id: string;
  readonly version: Version;
  /** Its place in the owner's own count of changes; undefined when the message does not tell it. */
  readonly position: Version | undefined;
  /** The row that a copy of it holds; null: none. */
  readonly row: Readonly<Record<string, unknown>> | null;
  readonly force: boolean;
  readonly at: number;
}

/** What a copy's owner has told, by entity id, oldest version first: read from the messages by the copy's own definition. */
export function toldTo(run: Run, copy: ReplicaDefinition): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>();
  for (const happening of run.happenings) {
    if (happening.kind !== 'published' || happening.envelope === undefined) continue;
    const { envelope } = happening;
    if (envelope.type !== copy.message.name || !copy.message.validate(envelope.data)) continue;
    const id = copy.key(envelope.data);
    const list = told.get(id) ?? [];
    told.set(id, list);
    list.push({
      messageId: envelope.id,
      step: happening.step,
      id,
      version: versionOf(copy, envelope),
      position: envelope.sequence === undefined ? undefined : versionOf({ version: { kind: 'sequence' } }, envelope),
      row: rowOf(copy, envelope.data, envelope.op),
      force: envelope.force === true,
      at: happening.at,
    });
  }
  for (const list of told.values()) list.sort((a, b) => compareVersions(a.version, b.version));
  return told;
}

/** Version of a message, as a guard reads it. */
export function versionOf(copy: { readonly version: VersionRule<unknown> }, envelope: Envelope): Version {
  if (copy.version.kind === 'timestamp') {
    const sequence = instantNanoseconds(copy.version.of(envelope.data)) ?? 0n;
    return { epoch: 0, sequence, tie: copy.version.tie?.(envelope.data) ?? '' };
  }
  return { epoch: Number(envelope.epoch ?? 0), sequence: BigInt(envelope.sequence ?? 0), tie: '' };
}

/** The row that a message means for a copy; null: none. */
export function rowOf(
  copy: ReplicaDefinition,
  data: unknown,
  op: string | undefined,
): Readonly<Record<string, unknown>> | null {
  if (copy.deleted(data, op) || copy.when?.(data) === false) return null;
  return copy.fields(data) as Readonly<Record<string, unknown>>;
}
