import { sagaParts } from '../../model/sagas/parts.js';
import { schemaCalled, scopeOf } from '../../model/sagas/scope.js';
import type { Model, SagaText } from '../../model/types.js';
import { operationOf } from '../operation-facts.js';
import type { Rule, Violation } from '../rule.js';
import { deedsOf, type SagaDeed } from '../saga-deeds.js';
import { spokenStep, stepSubject } from '../saga-steps.js';
import { meant } from '../wording.js';

/** Texts of `with`, `outputs` and `idempotency_key` that lead nowhere: no such input, step, output or field. What local steps return is only known where they say it. */
export const sagaValueUnknown: Rule = {
  id: 'saga-value-unknown',
  severity: 'error',
  title: 'Every value of a saga comes from somewhere.',
  why: 'The step is given nothing where it needs a value; of a compensation this comes out on the day it is needed.',
  fix: 'Name an input, an output of a step before, or `$run.id`.',
  requirements: ['DH-39', 'SE-19', 'TD-97'],
  *check(model) {
    for (const deed of deedsOf(model)) yield* unknownIn(deed);
    for (const part of sagaParts(model)) {
      for (const [index, step] of part.steps.entries()) {
        const spoken = { what: spokenStep(part.saga, step), subject: stepSubject(part.saga, step) };
        const own = scopeOf(model, part, index, step);
        for (const text of step.texts) {
          if (text.place === 'outputs') {
            const isWord = step.action.kind === 'local' && !text.text.startsWith('$');
            const meaning = isWord ? wordMeaning(model, text.text) : own.meaning(text.text);
            if (meaning.kind === 'unknown') yield found(text, spoken, meaning);
          }
          if (!text.place.endsWith('idempotency_key')) continue;
          const isUndo = text.place.startsWith('compensate');
          const action = isUndo ? step.compensate?.action : step.action;
          const service = (isUndo ? step.compensate?.service : undefined) ?? step.service ?? part.service;
          const scope = scopeOf(model, part, index + (isUndo ? 1 : 0));
          if (text.text.startsWith('$')) {
            const meaning = scope.meaning(text.text);
            if (meaning.kind === 'unknown') yield found(text, spoken, meaning);
            continue;
          }
          const header = operationOf(model, service, action?.name ?? '')?.idempotencyHeader ?? 'Idempotency-Key';
          const isKnown =
            header.toLowerCase() === text.text.toLowerCase() ||
            Object.hasOwn(action?.with ?? {}, text.text) ||
            scope.input.isOpen ||
            scope.called(text.text) !== undefined;
          const among = [...Object.keys(action?.with ?? {}), ...scope.input.fields.keys()];
          if (!isKnown) yield found(text, spoken, { kind: 'unknown', what: `"${text.text}"`, among });
        }
      }
    }
  },
};

function* unknownIn({ scope, texts, what, subject }: SagaDeed): Iterable<Violation> {
  for (const text of texts) {
    const meaning = scope.meaning(text.text);
    if (meaning.kind === 'unknown') yield found(text, { what, subject }, meaning);
  }
}

type Unknown = { readonly kind: 'unknown'; readonly what: string; readonly among: readonly string[] };

function found(
  { place, path, text, at }: SagaText,
  { what, subject }: { readonly what: string; readonly subject: string },
  meaning: Unknown,
): Violation {
  const where = path === '' ? place : `${place}.${path}`;
  return {
    at,
    message: `${where} of ${what} names ${meaning.what}, which is not there.`,
    subject: `${subject} ${where}`,
    fix: meant(text.replace(/^.*[./]/, ''), meaning.among, 'name an input, an output of a step before, or $run.id'),
  };
}

const scalars = ['string', 'text', 'number', 'integer', 'boolean'];

/** Outputs of a local step name their type. */
function wordMeaning(model: Model, word: string): Unknown | { readonly kind: 'known' } {
  if (scalars.includes(word) || schemaCalled(model, word) !== undefined || model.entities.has(word))
    return { kind: 'known' };
  const among = [...scalars, ...model.entities.keys(), ...model.schemas.map(({ name }) => name)];
  return { kind: 'unknown', what: `the type "${word}"`, among };
}
