import type { Position } from '../diagnostics/position.js';
import type { SchemaRef } from '../load/documents.js';

/**
 * Facts about how a system differs between two revisions. A change says what is different and where; whether that is a break, for whom, and in which
 * order to ship is for rules to judge. Names are identities: a noun that keeps its name is changed, one that appears and one that goes with the same
 * shape are renamed.
 */
export type Change = NounChange | SettingChange | SchemaChange;

/** What a system consists of. */
export type Noun =
  | 'system'
  | 'feature'
  | 'service'
  | 'entity'
  | 'copy'
  | 'event'
  | 'consumer'
  | 'command'
  | 'sender'
  | 'receiver'
  | 'message'
  | 'channel'
  | 'operation'
  | 'parameter'
  | 'response'
  | 'header'
  | 'edge'
  | 'policy'
  | 'saga'
  | 'step'
  | 'job'
  | 'flow'
  | 'constant'
  | 'dependency'
  | 'flag';

interface ChangeBase {
  /** Stable identity: `entity:Employee`, `message:EmployeeChanged`, `operation:accounts.getUser`, `entity:Employee copy:surveys`. */
  readonly subject: string;
  readonly noun: Noun;
  /** Features whose contract says it, before or after; the first one owns the finding. */
  readonly features: readonly string[];
  /** Where it stands now; where it stood when it is gone. */
  readonly at: Position;
  /** Where it stood before, when that is another place than `at`. */
  readonly was?: Position;
}

/** Something appeared, went, or has another name. */
export interface NounChange extends ChangeBase {
  readonly kind: 'added' | 'removed' | 'renamed';
  /** Names, when it was renamed. */
  readonly from?: string;
  readonly to?: string;
  /** What it is set to, or was when it is gone: the names and values that setting changes of this noun have, such as `required` of a parameter. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Something that is there on both sides is set otherwise: an owner, a key, an address, a range. */
export interface SettingChange extends ChangeBase {
  readonly kind: 'set';
  /** Which of its settings, in the words of the contract: `owner`, `ordering.key`, `channel.address`. */
  readonly setting: string;
  /** Plain values; undefined when it was, or is, not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** A payload, headers, a body or a parameter has another schema. */
export interface SchemaChange extends ChangeBase {
  readonly kind: 'schema';
  readonly use: SchemaUse;
  readonly before: SchemaRef;
  readonly after: SchemaRef;
}

/**
 * Who writes and who reads what the schema describes. `event`: the owner or publisher writes, consumers read, and stored messages are read again.
 * `command`: senders write, the one receiver reads. `request`: clients write, the server reads. `response`: the server writes, clients read.
 */
export interface SchemaUse {
  readonly direction: 'event' | 'command' | 'request' | 'response';
  readonly part: 'payload' | 'headers' | 'body' | 'parameter' | 'header' | 'constant';
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /** Of a parameter or a header: its name and where it lies. Of a response: its status. */
  readonly name?: string;
  readonly place?: 'path' | 'query' | 'header' | 'cookie';
  readonly status?: string;
  readonly mediaType?: string;
}
