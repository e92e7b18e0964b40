import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { BpmnModdle } from 'bpmn-moddle';
import { expect, it } from 'vitest';

const cases = [
  '02-hostile-names/expected/output/sagas/constructor-1',
  '08-commands-jobs-sagas/expected/output/sagas/place-order',
];

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../cases/emit', path), 'utf8');

it.each(cases)('%s is what AWS Step Functions and editors of BPMN take', async (path) => {
  expect(validate(JSON.parse(read(`${path}.asl.json`))).errors).toEqual([]);
  const { warnings, elementsById } = await new BpmnModdle().fromXML(read(`${path}.bpmn`));
  expect(warnings).toEqual([]);
  expect(Object.keys(elementsById).length).toBeGreaterThan(10);
});
