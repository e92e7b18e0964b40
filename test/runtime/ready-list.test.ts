import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReadyList } from '../../runtime/brokers/memory/ready-list.js';

it('hands out the lowest position, whatever was taken and put back', () => {
  const steps = fc.array(fc.oneof(fc.constant('append'), fc.constant('take'), fc.nat({ max: 50 })), { maxLength: 400 });
  fc.assert(
    fc.property(steps, (plan) => {
      const list = new ReadyList<{ readonly position: number }>();
      const model: number[] = [];
      const taken: number[] = [];
      let next = 0;
      for (const step of plan) {
        if (step === 'append') {
          list.append({ position: next });
          model.push(next++);
        } else if (step === 'take') {
          const expected = model.shift();
          expect(list.take()?.position).toBe(expected);
          if (expected !== undefined) taken.push(expected);
        } else {
          const [back] = taken.splice(Number(step) % Math.max(taken.length, 1), 1);
          if (back === undefined) continue;
          list.putBack({ position: back });
          model.push(back);
          model.sort((a, b) => a - b);
        }
        expect(list.size).toBe(model.length);
        expect(list.first()?.position).toBe(model[0]);
      }
      expect(list.list().map((entry) => entry.position)).toEqual(model);
    }),
  );
});
