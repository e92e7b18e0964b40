import type { EmitInput, Emitter } from '../emitter.js';
import { commentText, fileStem, stringLiteral, typeName, variableName } from '../names.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';

/** First versions of what the user writes: `main.ts` and one file per handler. Written when absent, never touched again. */
export const skeletons: Emitter = {
  name: 'skeletons',
  summary: 'first versions of handlers and main files, written once',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      if (facts.copies.length + facts.effects.length + facts.owned.length + facts.publishes.length === 0) continue;
      const folder = facts.service.name;
      for (const effect of facts.effects) {
        yield {
          base: 'services',
          path: `${folder}/${fileStem(effect.slot)}.ts`,
          ownership: 'once',
          source: effect.consumer.at.file,
          emitter: this.name,
          template: 'handler',
          view: {
            type: typeName(effect.slot),
            slot: effect.slot,
            module: reach(input, `${folder}/consumers.gen.js`),
            what: commentText(
              effect.consumer.effect ??
                effect.consumer.purpose ??
                effect.event.purpose ??
                `what ${folder} does with ${effect.event.name}`,
            ),
            unwritten: stringLiteral(`${folder}: ${effect.slot} is not written yet`),
          },
        };
      }
      yield mainFile(input, facts);
    }
  },
};

function mainFile(input: EmitInput, facts: ServiceFacts) {
  const folder = facts.service.name;
  const slots = [...facts.effects].map((effect) => effect.slot).sort();
  return {
    base: 'services',
    path: `${folder}/main.ts`,
    ownership: 'once',
    source: facts.service.at.file,
    emitter: skeletons.name,
    template: 'main',
    view: {
      create: `create${facts.pascal}`,
      variable: variableName(facts.pascal),
      module: reach(input, `${folder}/service.gen.js`),
      handlerImports: slots.map((slot) => `import { ${slot} } from './${fileStem(slot)}.js';`),
      argument: slots.length === 0 ? '' : `{ handlers: { ${slots.join(', ')} } }`,
    },
  } as const;
}

/** How a hand-written file of a service reaches a generated one: through the package's alias, else by a relative path. */
export function reach(input: EmitInput, path: string): string {
  return input.alias === undefined ? `../${input.outputFromServices}/${path}` : `${input.alias}/${path}`;
}
