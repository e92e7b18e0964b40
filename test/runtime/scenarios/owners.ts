import { expect } from 'vitest';
import { InvalidMessageError, UsageError } from '../../../runtime/errors.js';
import type { OwnedEntity } from '../../../runtime/owned.js';
import { type Repository, raising } from '../../../runtime/repository.js';
import { type Employee, type EmployeeMessage, employeeMessage } from '../world/contracts.js';
import { published } from '../world/messages.js';
import type { World } from '../world/world.js';
import { expectName, scenario } from './scenario.js';

const ann: Employee = { id: 'e1', fullName: 'Ann', companyId: '', isActive: true };

function change(world: World, work: (employee: OwnedEntity<Employee>) => Promise<unknown>): Promise<unknown> {
  return world.run(world.people.transaction((tx) => work(tx.Employee)));
}

function told(world: World): readonly string[] {
  return published(world, employeeMessage.name).map(({ data }) => {
    const { crudAction, entityData } = data as EmployeeMessage;
    return `${crudAction} ${entityData.fullName}${entityData.isActive ? '' : ' inactive'}${entityData.isDeleted ? ' deleted' : ''}`;
  });
}

/** The owner's side: which changes are told, and how. */
export const ownerScenarios = [
  scenario(
    'the filter sees the state before: going inactive is told, staying so is not',
    () => ({}),
    async (world) => {
      await change(world, (employee) => employee.created(ann));
      await change(world, (employee) => employee.updated({ ...ann, isActive: false }));
      await change(world, (employee) => employee.updated({ ...ann, isActive: false, fullName: 'Anna' }));
      await change(world, (employee) => employee.deleted('e1'));
      await world.settle();
      expect(told(world)).toEqual(['Created Ann', 'Updated Ann inactive', 'Deleted Anna inactive deleted']);
    },
  ),
  scenario(
    'versions count every change, and name the last one told',
    () => ({}),
    async (world) => {
      await change(world, (employee) => employee.created(ann));
      await change(world, (employee) => employee.updated({ ...ann, isActive: false }));
      await change(world, (employee) => employee.updated({ ...ann, isActive: false, fullName: 'Anna' }));
      await change(world, (employee) => employee.updated(ann));
      await world.settle();
      const versions = published(world, employeeMessage.name).map((one) => [one.sequence, one.previoussequence]);
      expect(versions).toEqual([
        ['1', '0'],
        ['2', '1'],
        ['4', '2'],
      ]);
      const instants = published(world, employeeMessage.name).map(({ time }) => time);
      expect([...new Set(instants)].sort()).toEqual(instants);
    },
  ),
  scenario(
    'save, get, list, and deleting twice',
    () => ({}),
    async (world) => {
      await change(world, async (employee) => {
        await employee.save(ann);
        await employee.save({ ...ann, fullName: 'Bea' });
        await employee.save({ ...ann, id: 'e2' });
        expect(await employee.get('e1')).toEqual({ ...ann, fullName: 'Bea' });
        await employee.deleted('e2');
        await employee.deleted('e2');
        expect(await employee.get('e2')).toBeNull();
        expect(await employee.list()).toEqual([{ ...ann, fullName: 'Bea' }]);
        await employee.save({ ...ann, id: 'e2', fullName: 'Cleo' });
      });
      await world.settle();
      expect([...told(world)].sort()).toEqual([
        'Created Ann',
        'Created Ann',
        'Created Cleo',
        'Deleted Ann deleted',
        'Updated Bea',
      ]);
      await expectName(world, 'Bea');
      await expectName(world, 'Cleo', 'e2');
    },
  ),
  scenario(
    'nothing is told of a transaction that failed',
    () => ({}),
    async (world) => {
      const failing = world.people.transaction(async (tx) => {
        await tx.Employee.created(ann);
        await tx.publish.Hired({ employeeId: 'e1' });
        throw new Error('no');
      });
      await expect(world.run(failing)).rejects.toThrow('no');
      await world.settle();
      expect(told(world)).toEqual([]);
      expect(published(world, 'Hired')).toEqual([]);
    },
  ),
  scenario(
    'a message that breaks its own contract is refused',
    () => ({}),
    async (world) => {
      const hire = (message: object) => world.run(world.people.transaction((tx) => tx.publish.Hired(message as never)));
      await expect(hire({})).rejects.toThrow(InvalidMessageError);
      await expect(hire({ employeeId: 'x'.repeat(300) })).rejects.toThrow('200 are allowed');
      await expect(change(world, (employee) => employee.deleted('nobody'))).rejects.toThrow(UsageError);
      await world.settle();
      expect(published(world, 'Hired')).toEqual([]);
    },
  ),
  scenario(
    'one transaction inside another is refused, not waited for',
    () => ({}),
    async (world) => {
      const nested = world.people.transaction(() => world.people.transaction(async () => {}));
      await expect(world.run(nested)).rejects.toThrow(UsageError);
    },
  ),
  scenario(
    'a request begins a chain of its own, or goes on with the one it names',
    () => ({}),
    async (world) => {
      await world.run(
        world.people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' }), { correlationId: 'request-1' }),
      );
      await world.run(world.people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' })));
      await world.settle();
      const [first, second] = published(world, 'Hired').map(({ correlationid }) => correlationid);
      expect(first).toBe('request-1');
      expect(second).toMatch(/^[0-9a-f-]{36}$/);
    },
  ),
  scenario(
    'a repository raises its own events',
    () => ({}),
    async (world) => {
      class Employees implements Repository<Employee> {
        readonly #rows = new Map<string, Employee>();
        async insert(entity: Employee) {
          this.#rows.set(entity.id, entity);
          return this.#rows.size;
        }
        async update(entity: Employee) {
          this.#rows.set(entity.id, entity);
        }
        async delete(id: string) {
          this.#rows.delete(id);
        }
        count(): number {
          return this.#rows.size;
        }
      }
      const rows = new Employees();
      await world.run(
        world.people.transaction(async (tx) => {
          const employees = raising(rows, tx.Employee);
          expect(await employees.insert(ann)).toBe(1);
          await employees.update({ ...ann, fullName: 'Bea' });
          await employees.update({ ...ann, fullName: 'Silent' }, { dismissEvents: true });
          expect(employees.count()).toBe(1);
          await employees.delete('e1');
          expect(employees.count()).toBe(0);
        }),
      );
      await world.settle();
      expect(told(world)).toEqual(['Created Ann', 'Updated Bea', 'Deleted Silent deleted']);
    },
  ),
  scenario(
    'the outbox keeps the order of a key and lets other keys pass',
    () => {
      let refused = 0;
      return { faults: { publish: (address) => (address.partitionKey === 'e1' && refused++ < 3 ? 'refuse' : 'none') } };
    },
    async (world) => {
      await change(world, async (employee) => {
        await employee.created(ann);
        await employee.updated({ ...ann, fullName: 'Bea' });
        await employee.created({ ...ann, id: 'e2', fullName: 'Other' });
      });
      await world.advance(1);
      expect(told(world)).toEqual(['Created Other']);
      await world.settle();
      expect(told(world)).toEqual(['Created Other', 'Created Ann', 'Updated Bea']);
    },
    'timed',
  ),
  scenario(
    'a confirm that was lost sends again, never not at all',
    () => {
      let lost = 0;
      return { faults: { publish: () => (lost++ < 2 ? 'lose-confirm' : 'none') } };
    },
    async (world) => {
      await change(world, (employee) => employee.created(ann));
      await world.settle();
      expect(told(world)).toEqual(['Created Ann', 'Created Ann', 'Created Ann']);
      expect(new Set(published(world, employeeMessage.name).map(({ id }) => id)).size).toBe(1);
      await expectName(world, 'Ann');
    },
    'timed',
  ),
];
