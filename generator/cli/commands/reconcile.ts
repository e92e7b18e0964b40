import { reconcile as compareCopies, type Reconciled } from '../../operate/reconcile.js';
import type { CommandInput, ExitCode } from '../command.js';
import { countOption, durationOption, positionals, rateOption, textOption } from '../operate/arguments.js';
import { attempt, operate } from '../operate/operate.js';
import { oneLine, table } from '../operate/table.js';

/** `seamwright reconcile`: 0 when every copy has what its owner has told, 1 when one differs, repaired or not, 2 when one cannot be asked. */
export async function reconcile(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const { io, options } = input;
    const { values, workspace } = positionals(input.args, ['the name of the entity']);
    const [entity = ''] = values;
    const service = textOption(options, 'service');
    const perSecond = rateOption(options, 'rate') ?? 50;
    const limit = countOption(options, 'limit', 20);
    const settleMs = durationOption(options, 'settle') ?? 2_000;
    return operate(input, workspace, async (system, signal) => {
      const results = await compareCopies(system, entity, {
        ...(service !== undefined && { service }),
        ...{ limit, settleMs, signal },
        ...(options.repair === true && { repair: { perSecond } }),
      });
      if (options.format === 'json') io.out(JSON.stringify({ entity, copies: results }, null, 2));
      else for (const line of linesOf(entity, results, options.repair === true)) io.out(line);
      if (results.some(({ totals }) => Object.keys(totals).length > 0)) return 1;
      // What cannot be asked is neither right nor wrong.
      return results.some(({ unreachable }) => unreachable !== undefined) ? 2 : 0;
    });
  });
}

function linesOf(entity: string, results: readonly Reconciled[], repairing: boolean): readonly string[] {
  const head = [
    'copy',
    'owner live',
    'here live',
    'owner deleted',
    'here deleted',
    'left out by when',
    'on the way',
    'differ',
  ];
  const away = results.filter(({ unreachable }) => unreachable !== undefined);
  const asked = results.filter(({ unreachable }) => unreachable === undefined);
  const rows = asked.map(({ copy, owner, here, filtered, lagging, totals }) => [
    copy,
    ...[owner.live, here.live, owner.deleted, here.deleted, filtered, lagging, total(totals)].map(String),
  ]);
  const differences = results.flatMap(({ copy, differences, totals }) => {
    const more = total(totals) - differences.length;
    return [
      ...differences.map(({ id, kind, owner, here }) => [copy, oneLine(id), words[kind], owner ?? '-', here ?? '-']),
      ...(more > 0 ? [[copy, `… ${more} more; --limit shows them`]] : []),
    ];
  });
  const bad = results.filter(({ totals }) => total(totals) > 0);
  return [
    ...table(head, rows),
    ...(differences.length > 0 ? ['', ...table(['copy', 'id', 'why', 'owner', 'here'], differences)] : []),
    '',
    ...away.map(({ copy, unreachable }) => `${copy} cannot be compared: ${oneLine(unreachable ?? '', 300)}`),
    ...(bad.length === 0
      ? [`${away.length === 0 ? 'every copy' : 'every other copy'} has what its owner has told`]
      : advice(entity, bad, repairing)),
  ];
}

const words: Readonly<Record<Reconciled['differences'][number]['kind'], string>> = {
  missing: 'missing here',
  older: 'older here',
  newer: 'newer here than its owner ever was: a second writer, or a restored database',
  'deleted-here': 'deleted here, lives at its owner',
  undeleted: 'lives here, deleted at its owner',
  extra: 'here only, its owner has never told it',
};

function advice(entity: string, bad: readonly Reconciled[], repairing: boolean): readonly string[] {
  const asked = bad.reduce((sum, { repaired }) => sum + repaired.length, 0);
  const beyond = bad.some(({ totals }) => totals.newer !== undefined || totals.extra !== undefined);
  return [
    repairing
      ? `${asked} were asked of the owner again; run "seamwright reconcile ${entity}" to see that they came`
      : `"seamwright reconcile ${entity} --repair" asks the owner to tell them again`,
    ...(beyond ? ['"newer here" and "here only" no repair can mend: see who else writes there'] : []),
  ];
}

function total(totals: Reconciled['totals']): number {
  return Object.values(totals).reduce((sum, count) => sum + count, 0);
}
