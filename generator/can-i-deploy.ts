import {
  areConnected,
  type JudgeBetween,
  missingProviders,
  type Obstacle,
  obstaclesAmong,
  type Standing,
} from './compat/deployable.js';
import { diff } from './compat/diff.js';
import { judge } from './compat/judge.js';
import type { Finding } from './diagnostics/finding.js';
import { startOf } from './diagnostics/position.js';
import { versionHistory, versionTag } from './load/revision/history.js';
import { openRevision } from './load/revision.js';
import { loadWorkspace } from './load/workspace.js';
import { buildModel } from './model/build.js';
import type { Model } from './model/types.js';

export interface HistoryOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress?: (step: string) => void;
}

/** A version that never changes could otherwise have all of history read. */
const RUN_MAX = 60;

/** The contracts of one workspace at one time; greater `age` is newer. */
interface Moment {
  readonly model: Model;
  readonly age: number;
}

/**
 * A workspace through its history. Revisions are read when they are asked for, newest first, and each once: what is deployed is mostly young.
 */
export class History {
  private readonly moments: Moment[] = [];
  private readonly tagged = new Map<string, Moment>();
  private readonly judged = new Map<string, ReturnType<JudgeBetween>>();
  private open: string[] | undefined;

  constructor(
    private readonly dir: string,
    private readonly system: string,
    today: Model,
    private readonly options: HistoryOptions,
  ) {
    this.moments.push({ model: today, age: 0 });
  }

  /**
   * The newest and the oldest state in which a service had a version, or the one that a tag of its name says; none when it never had it. A version that
   * stayed while contracts changed stands for both: whichever was built may run.
   */
  async standings(service: string, version: string): Promise<readonly Standing[]> {
    const run = await this.run(service, version);
    const tag = versionTag(this.dir, service, version, this.options.env);
    const tagged = tag === undefined ? undefined : await this.atTag(tag, run[0]?.age ?? 0);
    const said = tagged?.model.services.get(service)?.version;
    // A tag may speak for contracts that say no versions, not against those that do.
    const moments = tagged !== undefined && (said ?? version) === version ? [tagged] : [run[0], run.at(-1)];
    const distinct = [...new Set(moments.flatMap((moment) => moment ?? []))];
    return distinct.map((moment) => ({ service, version, ...moment }));
  }

  /** Every version that a service had, newest first, at most `count`. */
  async versionsOf(service: string, count: number): Promise<readonly string[]> {
    const versions = new Set<string>();
    for (let index = 0; versions.size < count; index++) {
      const moment = await this.at(index);
      if (moment === undefined) break;
      const version = moment.model.services.get(service)?.version;
      if (version !== undefined) versions.add(version);
    }
    return [...versions];
  }

  readonly judge: JudgeBetween = (before, after) => {
    const key = [before, after].map((model) => this.moments.findIndex((moment) => moment.model === model)).join();
    const known = key.includes('-1') ? undefined : this.judged.get(key);
    const found = known ?? judge(diff(before, after), { before, after });
    if (!key.includes('-1')) this.judged.set(key, found);
    return found;
  };

  /** States in a row, newest first. */
  private async run(service: string, version: string): Promise<readonly Moment[]> {
    const run: Moment[] = [];
    for (let index = 0; run.length < RUN_MAX; index++) {
      const moment = await this.at(index);
      if (moment === undefined) break;
      if (moment.model.services.get(service)?.version === version) run.push(moment);
      else if (run.length > 0) break;
    }
    return run;
  }

  private async atTag(tag: string, age: number): Promise<Moment | undefined> {
    const known = this.tagged.get(tag);
    if (known !== undefined) return known;
    const moment = await this.read(tag, age);
    if (moment !== undefined) this.tagged.set(tag, moment);
    return moment;
  }

  private async at(index: number): Promise<Moment | undefined> {
    while (this.moments.length <= index) {
      this.open ??= [...versionHistory(this.dir, this.options.env)];
      const next = this.open.shift();
      if (next === undefined) return undefined;
      const moment = await this.read(next, -this.moments.length);
      if (moment !== undefined) this.moments.push(moment);
    }
    return this.moments[index];
  }

  private async read(revision: string, age: number): Promise<Moment | undefined> {
    this.options.progress?.(`reading ${revision.slice(0, 40)}`);
    const { cwd, env } = this.options;
    const opened = openRevision(revision, { cwd, dirs: [this.dir], env });
    if ('finding' in opened) return undefined;
    try {
      const standing = opened.revision.standingOf(this.dir, this.system);
      if (standing === undefined) return undefined;
      const { workspace } = await loadWorkspace(standing.dir, {
        cwd: opened.revision.cwd,
        project: standing.root,
        env,
        validate: 'fast',
      });
      return workspace === undefined ? undefined : { model: buildModel(workspace).model, age };
    } finally {
      opened.revision.close();
    }
  }
}

/** The answer for one service, with what stands in the way. */
export interface Deployability {
  readonly verdict: 'yes' | 'no' | 'unproven';
  readonly reasons: readonly (Obstacle & { readonly with?: string; readonly version?: string })[];
  /** Services it was compared with. */
  readonly compared: readonly { readonly service: string; readonly version: string }[];
  readonly findings: readonly Finding[];
}

/** Whether a service in a version can run beside what is deployed: service -> version. */
export async function canDeploy(
  history: History,
  service: string,
  version: string,
  deployed: ReadonlyMap<string, string>,
): Promise<Deployability> {
  const none = { verdict: 'no', reasons: [], compared: [] } as const;
  const [mine] = await history.standings(service, version);
  if (mine === undefined) return { ...none, findings: [unknownVersion(service, version)] };
  const compared: { service: string; version: string }[] = [];
  const reasons: Deployability['reasons'][number][] = [
    ...missingProviders(mine, new Set([...deployed.keys(), service])),
  ];
  const findings: Finding[] = [];
  for (const [name, theirs] of deployed) {
    if (name === service) continue;
    const others = await history.standings(name, theirs);
    if (others.length === 0) findings.push(unknownVersion(name, theirs));
    if (!others.some((other) => areConnected(mine, other))) continue;
    compared.push({ service: name, version: theirs });
    const found = obstaclesAmong([mine], others, history.judge);
    reasons.push(...found.map((obstacle) => ({ ...obstacle, with: name, version: theirs })));
  }
  return { verdict: verdictOf(reasons), reasons, compared, findings };
}

export function verdictOf(reasons: readonly Obstacle[]): Deployability['verdict'] {
  if (reasons.some(({ verdict }) => verdict === 'no')) return 'no';
  return reasons.length > 0 ? 'unproven' : 'yes';
}

function unknownVersion(service: string, version: string): Finding {
  return {
    rule: 'load-no-revision',
    severity: 'error',
    message: `no revision of the contracts has "${service}" at ${version}.`,
    at: startOf('.'),
    fix: `correct the version, fetch the whole history, or set the tag "${service}@${version}" where it stood.`,
    unreadable: true,
  };
}
