import type { FailureReport, Mismatch, ScenarioResult, ServiceResult, TimelineLine, VerifyResult } from '../result.js';

/** Colours of a terminal; each leaves the text as it is where there are none. */
export interface Paint {
  red(text: string): string;
  green(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

export const noPaint: Paint = { red: same, green: same, dim: same, bold: same };

/** For a person: a line per service and level, then every broken promise with the shortest story that breaks it. */
export function textReport(result: VerifyResult, paint: Paint = noPaint, elapsedMs?: number): string {
  const lines = result.services.flatMap((service) => [serviceLine(service, paint), ...scoreLines(service, paint)]);
  const failures = result.services.flatMap((service) =>
    service.scenarios
      .filter(({ status }) => status === 'failed')
      .map((scenario) => failureText(service, scenario, paint)),
  );
  const { passed, failed, skipped } = result.summary;
  const took = elapsedMs === undefined ? '' : ` in ${(elapsedMs / 1000).toFixed(1)} s`;
  const summary = `${passed} passed, ${failed} failed, ${skipped} skipped${took}`;
  return [
    ...lines,
    ...failures.flatMap((text) => ['', text]),
    '',
    failed > 0 ? paint.red(summary) : paint.green(summary),
  ].join('\n');
}

function serviceLine({ service, level, scenarios, tookMs }: ServiceResult, paint: Paint): string {
  const failed = scenarios.filter(({ status }) => status === 'failed');
  const passed = scenarios.filter(({ status }) => status === 'passed');
  const schedules = scenarios.reduce((sum, scenario) => sum + scenario.schedules, 0);
  const unit = level === 'pact' ? 'interactions' : 'schedules';
  const counts = `${passed.length} of ${passed.length + failed.length} scenarios hold, ${schedules} ${unit}, ${(tookMs / 1000).toFixed(1)} s`;
  const word = failed.length > 0 ? paint.red('FAIL') : passed.length === 0 ? paint.dim('none') : paint.green('ok  ');
  return `${word}  ${service}  ${level}  ${paint.dim(counts)}`;
}

function scoreLines({ service, score }: ServiceResult, paint: Paint): readonly string[] {
  if (score === undefined) return [];
  const { mutants, caught, missed } = score;
  const names = missed.length === 0 ? '' : `  missed: ${missed.join(', ')}`;
  return [`      ${service}  ${caught} of ${mutants} mistakes caught${paint.dim(names)}`];
}

function failureText({ service }: ServiceResult, scenario: ScenarioResult, paint: Paint): string {
  const { failure, seed } = scenario;
  if (failure === undefined)
    return [`${paint.red('FAIL')}  ${paint.bold(service)}  ${scenario.scenario}`, '', ...someMismatches(scenario)].join(
      '\n',
    );
  const head = `${paint.red('FAIL')}  ${paint.bold(service)}  ${scenario.scenario}  ${paint.dim(`seed ${seed}, schedule ${failure.schedule} of ${failure.schedules}`)}`;
  const place = failure.contract === undefined ? '' : `   ${failure.contract}`;
  return [
    head,
    '',
    `  ${paint.bold(failure.sentence)}`,
    `  promise: ${failure.invariant}${place}`,
    ...differenceLines(failure),
    '',
    ...timelineText(failure.timeline, paint),
    '',
    `  ${shrunkWords(failure)}`,
    ...failure.words.map((words) => `    ${words}`),
    ...(scenario.replay === undefined ? [] : [`  replay  ${scenario.replay}`]),
  ].join('\n');
}

/** What fails in the same way everywhere is told a few times only. */
function someMismatches({ mismatches = [], reason = '' }: ScenarioResult): readonly string[] {
  if (mismatches.length === 0) return [`  ${reason}`];
  const shown = mismatches
    .slice(0, 12)
    .flatMap(mismatchLines)
    .map((line) => `  ${line}`);
  return mismatches.length > 12 ? [...shown, `  and ${mismatches.length - 12} more`] : shown;
}

/** The interaction, and below it what is wrong with it. */
export function mismatchLines({ interaction, path, sentence }: Mismatch): readonly string[] {
  return [interaction, `  ${path === '' ? '' : `${path}: `}${sentence}`];
}

function differenceLines({ expected, actual }: FailureReport): readonly string[] {
  if (expected === undefined && actual === undefined) return [];
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300));
  return [`  should be ${shown(expected)}`, `  is        ${shown(actual)}`];
}

export function timelineText(timeline: readonly TimelineLine[], paint: Paint = noPaint): readonly string[] {
  const width = Math.max(7, ...timeline.map(({ service }) => service.length));
  const what = Math.min(60, Math.max(4, ...timeline.map((line) => line.what.length)));
  const shown = abridged(timeline);
  return [
    paint.dim(`  ${'ms'.padStart(7)}  ${'service'.padEnd(width)}  ${'what'.padEnd(what)}  row (version)`),
    ...shown.map((line) => {
      if (line === undefined) return paint.dim(`  ${'…'.padStart(7)}`);
      const text =
        `  ${String(line.ms).padStart(7)}  ${line.service.padEnd(width)}  ${line.what.padEnd(what)}  ${line.row ?? ''}`.trimEnd();
      return line.broken ? paint.red(`${text}  <- broken here`) : text;
    }),
  ];
}

/** A run that never comes to rest has thousands of lines: its beginning, what is around the break, and its end. */
function abridged(timeline: readonly TimelineLine[]): readonly (TimelineLine | undefined)[] {
  const most = 40;
  if (timeline.length <= most) return timeline;
  const at = timeline.findIndex(({ broken }) => broken);
  const around = at < 25 ? [] : [undefined, ...timeline.slice(at - 5, at + 3)];
  return [...timeline.slice(0, 25), ...around, undefined, ...timeline.slice(-5)];
}

function shrunkWords({ shrunk: { from, to, tries } }: FailureReport): string {
  const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `shrunk from ${counted(from.steps, 'message')} and ${counted(from.faults, 'fault')} to ${counted(to.steps, 'message')} and ${counted(to.faults, 'fault')} in ${counted(tries, 'run')}`;
}

function same(text: string): string {
  return text;
}
