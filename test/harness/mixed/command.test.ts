import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { replayCommand } from '../../../generator/cli/commands/replay.js';
import { verifyCommand } from '../../../generator/cli/commands/verify.js';
import type { ReplayReport } from '../../../harness/report/replay.js';
import type { VerifyResult } from '../../../harness/result.js';
import { ScratchRepository } from '../../breaking/scratch-repository.js';
import { World } from '../../cli/world.js';
import { contracts, type Form, generatedFiles, project, status, uuid } from './desk.js';

const before: Form = {
  required: ['id', 'status'],
  properties: { id: uuid, status: status('active', 'left') },
};
const after: Form = { ...before, properties: { id: uuid, status: status('active', 'left', 'paused') } };

const open: { remove(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});

/** A working tree in the later form, above a commit in the earlier one. */
async function changedSince(): Promise<{ readonly world: World; readonly repository: ScratchRepository }> {
  const [earlier, later] = [await project(contracts(before)), await project(contracts(after))];
  const repository = new ScratchRepository();
  open.push(earlier, later, repository);
  repository.commit({ ...generatedFiles(earlier), '.gitignore': 'node_modules\n' });
  repository.git('tag', 'v1');
  repository.write(generatedFiles(later));
  mkdirSync(repository.path('node_modules'));
  symlinkSync(process.cwd(), repository.path('node_modules/seamwright'));
  return { world: later, repository };
}

describe('seamwright verify --mixed-with', { timeout: 60_000 }, () => {
  it('runs the code of a commit beside that of the working tree, and leaves the tree as it is', async () => {
    const { world, repository } = await changedSince();
    const was = repository.git('status', '--porcelain');
    const io = { cwd: repository.dir, env: repository.env };
    const exit = await world.run(verifyCommand, { format: 'json', mixedWith: 'v1', runs: '1' }, [], io);
    expect(world.err).toEqual([]);
    expect(exit).toBe(1);
    const { services, summary } = JSON.parse(world.out.join('')) as VerifyResult;
    expect(summary).toEqual({ passed: 3, failed: 3, skipped: 1 });
    const [failed] = services.flatMap(({ scenarios }) => scenarios.filter(({ status: one }) => one === 'failed'));
    expect(failed?.scenario).toBe('mixed-versions');
    expect(failed?.reason).toContain('roll back people before surveys');
    expect(failed?.failure?.words[0]).toMatch(/^old is v1@[0-9a-f]{7}$/);
    expect(failed?.replay).toBe(`npx seamwright replay ${failed?.failure?.file}`);
    // Plans are written below .seamwright, as those of one revision are.
    expect(repository.git('status', '--porcelain', '--', ':!.seamwright')).toBe(was);

    const file = failed?.failure?.file ?? '';
    expect(await world.run(replayCommand, { format: 'json' }, [file], io)).toBe(1);
    const again = JSON.parse(world.out.join('')) as ReplayReport;
    expect(again.diverged).toBeUndefined();
    expect(again.words).toEqual(failed?.failure?.words);
    expect(again.violations[0]?.sentence).toContain('The old surveys refuses "status"');
    expect(JSON.parse(readFileSync(repository.path(file), 'utf8'))).toMatchObject({
      mixed: { with: repository.git('rev-parse', '--short=7', 'v1').trim() },
    });
  });

  it('refuses revisions that are not there, that have no code, and scenarios that need only one', async () => {
    const { world, repository } = await changedSince();
    const io = { cwd: repository.dir, env: repository.env };
    const ask = async (options: Readonly<Record<string, string>>): Promise<string> => {
      expect(await world.run(verifyCommand, { format: 'text', ...options }, [], io)).toBe(2);
      return world.err.join('\n');
    };
    expect(await ask({ mixedWith: 'v2' })).toContain('"v2" is no revision of this repository');
    expect(await ask({ mixedWith: 'v1', scenario: 'poison' })).toContain(
      'with two revisions the scenarios are mixed-versions, rollback-order, old-version-message, not "poison"',
    );
    expect(await ask({ mixedWith: 'v1', publishPacts: 'http://localhost' })).toContain(
      '--publish-pacts is for one revision',
    );
    repository.git('rm', '-r', '-q', '--cached', 'generated');
    writeFileSync(repository.path('.gitignore'), 'node_modules\ngenerated\n');
    repository.commit({}, 'without generated code');
    expect(await ask({ mixedWith: 'HEAD' })).toContain('holds no generated code for "desk"');
  });

  it('is among what --list names', async () => {
    const world = new World();
    open.push(world);
    expect(await world.run(verifyCommand, { format: 'text', list: true })).toBe(0);
    const listed = world.out.filter((line) => line.endsWith('(--mixed-with)')).map((line) => line.split(' ')[0]);
    expect(listed).toEqual(['mixed-versions', 'rollback-order', 'old-version-message']);
  });
});
