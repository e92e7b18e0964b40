import type { Judgement } from './judgement.js';
import { layersOf } from './order/layers.js';
import { lostBy, type Reason, whyBack, whyHere } from './order/reasons.js';
import { listed, spoken } from './order/wording.js';

/** Services that may be deployed side by side, and why they come here. */
export interface DeployTier {
  /** From 1, counted through all releases. */
  readonly tier: number;
  /** From 1; a change that no order makes safe takes two. */
  readonly release: number;
  readonly services: readonly string[];
  readonly why: string;
  /** What cannot be taken back once this tier has shipped; absent when everything can. */
  readonly pointOfNoReturn?: string;
}

/** Changes that no single order makes safe: what to ship first so that both forms work, and what afterwards. */
export interface Split {
  readonly subject: string;
  readonly rule: string;
  readonly why: string;
  readonly expand: readonly string[];
  readonly contract: readonly string[];
}

export interface DeployOrder {
  readonly tiers: readonly DeployTier[];
  /** The same services backwards, with what has to be done before each. */
  readonly rollback: readonly DeployTier[];
  readonly splits: readonly Split[];
}

/** Which of two services has to be there first, and because of what. */
interface Constraint {
  readonly first: string;
  readonly second: string;
  readonly kind: 'reader-first' | 'writer-first';
  /** Of a change that no order makes safe: in which of its two releases. */
  readonly phase?: 'expand' | 'contract';
  readonly judgement: Judgement;
}

/**
 * One order for all changes: every judgement says which side comes first, all of them together give tiers. Where they contradict each other, or one of
 * them holds in no order, the change takes two releases: expand, then contract. `deployable` leaves out what nobody here deploys.
 */
export function deployOrder(
  judgements: readonly Judgement[],
  deployable: (service: string) => boolean = () => true,
): DeployOrder {
  const ordered = judgements.filter((judgement) => judgement.order !== 'any');
  const never = ordered.filter((judgement) => judgement.order === 'never');
  const splits: Split[] = never.map(expandContract);
  const releases = never.length === 0 ? [new Release()] : [new Release(), new Release()];
  // Readers first is how a system expands, writers first how it contracts.
  for (const judgement of never) {
    releases[0]?.add(constraints(judgement, 'reader-first', deployable, 'expand'));
    releases[1]?.add(constraints(judgement, 'writer-first', deployable, 'contract'));
  }
  for (const kind of ['reader-first', 'writer-first'] as const) {
    for (const judgement of ordered.filter((each) => each.order === kind)) {
      const wanted = constraints(judgement, kind, deployable);
      const place = releases.findIndex((release) => release.add(wanted));
      if (place === 0) continue;
      const another = new Release();
      const alone = place > 0 || another.add(wanted);
      splits.push(alone ? contradiction(judgement) : expandContract(judgement));
      if (place < 0 && alone) releases.push(another);
    }
  }
  const shipped = releases.map((release) => release.constraints);
  const tiers = shipped.flatMap((release, index) => tiersOf(release, index + 1));
  const numbered = tiers.map((tier, index) => ({ ...tier, tier: index + 1 }));
  return { tiers: numbered, rollback: rollbackOf(shipped), splits };
}

/** What ships together: its constraints never contradict each other. */
class Release {
  readonly constraints: Constraint[] = [];
  private readonly pairs = new Map<string, readonly [string, string]>();

  /** False, and nothing is added, when an order of all of it would go round in a circle. */
  add(wanted: readonly Constraint[]): boolean {
    const fresh = edges(wanted).filter((pair) => !this.pairs.has(pair.join('\0')));
    if (fresh.length > 0 && layersOf([...this.pairs.values(), ...fresh]) === undefined) return false;
    for (const pair of fresh) this.pairs.set(pair.join('\0'), pair);
    this.constraints.push(...wanted);
    return true;
  }
}

function constraints(
  judgement: Judgement,
  kind: Constraint['kind'],
  deployable: (service: string) => boolean,
  phase?: Constraint['phase'],
): readonly Constraint[] {
  const [firsts, seconds] =
    kind === 'reader-first' ? [judgement.readers, judgement.writers] : [judgement.writers, judgement.readers];
  return firsts.flatMap((first) =>
    seconds
      .filter((second) => second !== first && deployable(first) && deployable(second))
      .map((second): Constraint => ({ first, second, kind, judgement, ...(phase === undefined ? {} : { phase }) })),
  );
}

function edges(list: readonly Constraint[]): readonly (readonly [string, string])[] {
  return list.map(({ first, second }) => [first, second]);
}

function tiersOf(release: readonly Constraint[], number: number): readonly DeployTier[] {
  return (layersOf(edges(release)) ?? []).map((services) => {
    const reasons = reasonsOf(release, services);
    const lost = unique(reasons.flatMap(lostBy));
    return {
      tier: 0,
      release: number,
      services,
      why: unique(reasons.map((reason) => `${whoOf(reason, services)}${whyHere(reason)}`)).join(' '),
      ...(lost.length === 0 ? {} : { pointOfNoReturn: lost.join(' ') }),
    };
  });
}

function rollbackOf(releases: readonly (readonly Constraint[])[]): readonly DeployTier[] {
  const back = [...releases.entries()].reverse().flatMap(([index, release]) =>
    [...(layersOf(edges(release)) ?? [])].reverse().map((services) => {
      const why = unique(reasonsOf(release, services).flatMap(whyBack)).join(' ');
      return { tier: 0, release: index + 1, services, why: why === '' ? 'Last to ship, first to go back.' : why };
    }),
  );
  return back.map((tier, index) => ({ ...tier, tier: index + 1 }));
}

/** What the services of a tier stand there for, told once for all changes of one kind. */
function reasonsOf(release: readonly Constraint[], services: readonly string[]): readonly Reason[] {
  const groups = new Map<string, Reason>();
  for (const constraint of release) {
    for (const side of ['first', 'second'] as const) {
      const here = constraint[side];
      if (!services.includes(here)) continue;
      const { kind, phase, judgement } = constraint;
      const about = judgement.subject.startsWith('dependency:') ? 'range' : 'form';
      const key = [kind, side, phase, about].join();
      const known = groups.get(key);
      groups.set(key, {
        kind,
        side,
        ...(phase === undefined ? {} : { phase }),
        about,
        subjects: unique([...(known?.subjects ?? []), judgement.subject]),
        breaksStored: judgement.breaksStored || known?.breaksStored === true,
        here: [...unique([...(known?.here ?? []), here])].sort(),
        there: [...unique([...(known?.there ?? []), constraint[side === 'first' ? 'second' : 'first']])].sort(),
      });
    }
  }
  return [...groups.values()];
}

/** Names only those of a tier whom a reason is about. */
function whoOf({ here }: Reason, services: readonly string[]): string {
  return here.length === services.length ? '' : `${listed(here)}: `;
}

function unique(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}

function expandContract(judgement: Judgement): Split {
  const what = spoken(judgement.subject);
  const readers = listed(judgement.readers) || 'every reader';
  const writers = listed(judgement.writers) || 'every writer';
  return {
    subject: judgement.subject,
    rule: judgement.rule,
    why: `Neither order of ${writers} and ${readers} works for ${what}.`,
    expand: [
      `Add the new form of ${what} beside the old one, under another name.`,
      `Deploy ${readers}: take both forms.`,
      `Deploy ${writers}: write both forms.`,
    ],
    contract: [
      `Drain the old form of ${what} from outboxes, queues and dead letters; from here on there is no way back.`,
      `Deploy ${writers}: write the new form only.`,
      `Deploy ${readers}: take the old form out.`,
    ],
  };
}

function contradiction(judgement: Judgement): Split {
  const what = spoken(judgement.subject);
  const [first, second] =
    judgement.order === 'reader-first'
      ? [judgement.readers, judgement.writers]
      : [judgement.writers, judgement.readers];
  return {
    subject: judgement.subject,
    rule: judgement.rule,
    why: `For ${what} ${listed(first)} ships before ${listed(second)}; other changes of this release want it the other way round.`,
    expand: ['Ship the changes of the first release without this one.'],
    contract: [`Ship this change afterwards: ${listed(first)}, then ${listed(second)}.`],
  };
}
