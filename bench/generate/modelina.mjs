import { readFileSync, writeFileSync } from 'node:fs';
import { TypeScriptGenerator } from '@asyncapi/modelina';
import { parse } from 'yaml';

// Modelina as its documentation shows it: the AsyncAPI document in, one file of types out.
const [input, output] = process.argv.slice(2);
const generator = new TypeScriptGenerator({ modelType: 'interface' });
const models = await generator.generate(parse(readFileSync(input, 'utf8')));
if (models.length === 0) throw new Error('Modelina made no model');
writeFileSync(output, models.map((model) => model.result).join('\n'));
