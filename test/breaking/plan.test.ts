import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DeployPlan, deployPlan } from '../../generator/compat/plan.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Model } from '../../generator/model/types.js';
import { planScript } from '../../generator/report/plan/script.js';
import { judgement } from './judgements.js';
import { ScratchRepository } from './scratch-repository.js';

const ROOT = new URL('../..', import.meta.url).pathname;

async function modelOf(system: string): Promise<Model> {
  const { workspace } = await loadWorkspace(`contracts/${system}`, { cwd: ROOT, validate: 'fast' });
  if (workspace === undefined) throw new Error(system);
  return buildModel(workspace).model;
}

const tools = await modelOf('tools-dashboard');
const people = await modelOf('easyplatform');
const tierOf = (plan: DeployPlan, service: string): number =>
  plan.tiers.find(({ services }) => services.includes(service))?.tier ?? Number.NaN;
const back = (plan: DeployPlan, service: string) => plan.rollback.find(({ services }) => services.includes(service));

describe('a whole system', () => {
  const plan = deployPlan(tools);

  it('goes out shared first, then data, auth before api, frontends last', () => {
    const order = ['shared', 'back-postgres', 'back-auth', 'back-api', 'back-gateway', 'front-public'];
    const tiers = order.map((service) => tierOf(plan, service));
    expect(tiers).toEqual([...tiers].sort((a, b) => a - b));
    expect(new Set(tiers).size).toBe(order.length);
    expect(tierOf(plan, 'back-cassandra')).toBe(tierOf(plan, 'back-postgres'));
    expect(tierOf(plan, 'front-admin')).toBe(plan.tiers.length);
  });

  it('says how versions take their places where a feature asks for more than instance by instance', () => {
    const strategies = (strategy: string) => {
      const [name, feature] =
        [...tools.features].find(([, { participants }]) => participants.includes('back-api')) ?? [];
      if (name === undefined || feature === undefined) throw new Error('no feature has back-api');
      const deploy = { order: [], strategy, at: feature.at };
      const changed = deployPlan({ ...tools, features: new Map([[name, { ...feature, deploy }]]) });
      return changed.tiers.flatMap(({ strategies: found = [] }) => found);
    };
    const [first] = strategies('blue-green').filter(({ services }) => services.includes('back-api'));
    expect(first?.name).toBe('blue-green');
    expect(first?.steps[0]).toBe('start the new version beside the old one, without traffic');
    expect(first?.steps).toContainEqual(expect.stringContaining('verify --mixed-with'));
    expect(strategies('rolling')).toEqual([]);
  });

  it('names every service that is deployed here once, and comes back in reverse', () => {
    const mine = [...tools.services.values()].filter(({ role }) => role !== 'external').map(({ name }) => name);
    expect(plan.tiers.flatMap(({ services }) => services).sort()).toEqual(mine.sort());
    expect(plan.rollback.map(({ services }) => services)).toEqual(plan.tiers.map(({ services }) => services).reverse());
  });

  it('has every provider out before who needs it', () => {
    for (const { consumer, provider } of tools.dependencies)
      if ([consumer, provider].every((name) => tools.services.get(name)?.role !== 'external'))
        expect(tierOf(plan, provider), `${consumer} needs ${provider}`).toBeLessThan(tierOf(plan, consumer));
  });

  it('leaves open what only a change can answer', () => {
    expect(back(plan, 'back-postgres')?.restore).toContainEqual({
      service: 'back-postgres',
      why: 'only if what it stores has changed',
    });
    expect(back(plan, 'shared')?.keep[0]?.why).toContain('unless it is incompatible');
  });
});

describe('a change', () => {
  const at = { file: 'feature.yaml', line: 1, column: 1 };
  const entity = { subject: 'entity:Employee', noun: 'entity', features: ['employee-sync'], at } as const;
  const key = { ...entity, kind: 'set', setting: 'key', before: 'id', after: 'code' } as const;

  it('insists on its order before everything else', () => {
    const client = judgement({ order: 'writer-first', writers: ['front-public'], readers: ['back-postgres'] });
    const plan = deployPlan(tools, { judgements: [client], changes: [] });
    expect(tierOf(plan, 'front-public')).toBeLessThan(tierOf(plan, 'back-postgres'));
    const tier = plan.tiers.find(({ services }) => services.includes('back-postgres'));
    expect(tier?.pointOfNoReturn).toContain('front-public');
  });

  it('asks for a backup only where what is stored has changed', () => {
    const stored = (change: Parameters<typeof deployPlan>[1]) =>
      deployPlan(people, change).rollback.flatMap(({ restore }) => restore.map(({ service }) => service));
    expect(stored({ judgements: [], changes: [key] }).sort()).toEqual([
      'text-snippet-insights',
      'text-snippet-people',
      'text-snippet-surveys',
    ]);
    expect(stored({ judgements: [], changes: [{ ...key, setting: 'full_sync.batch_size' }] })).toEqual([]);
    const untouched = deployPlan(tools, { judgements: [], changes: [] });
    expect(untouched.rollback.flatMap(({ restore }) => restore)).toEqual([]);
    expect(back(untouched, 'back-postgres')?.keep.map(({ service }) => service)).toContain('back-postgres');
  });

  it('takes shared things back only when they are incompatible', () => {
    const kept = (features: readonly string[], verdict: 'breaking' | 'safe') => {
      const plan = deployPlan(tools, { judgements: [judgement({ features, verdict })], changes: [] });
      return back(plan, 'shared')?.keep.length === 1;
    };
    expect([kept(['shared'], 'breaking'), kept(['shared'], 'safe'), kept(['login'], 'breaking')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('as a script', () => {
  it('starts tier by tier, and goes back with the tag before', () => {
    const place = new ScratchRepository().write({
      'deploy.sh': planScript(deployPlan(tools), new Set(['shared'])),
      'bin/docker': '#!/bin/sh\necho "$TAG $*"\n',
    });
    try {
      chmodSync(place.path('bin/docker'), 0o755);
      const run = (word: string, env: Record<string, string> = {}) => {
        const { status, stdout, stderr } = spawnSync('bash', [place.path('deploy.sh'), word], {
          env: { PATH: `${place.path('bin')}:${process.env.PATH}`, ...env },
          encoding: 'utf8',
        });
        return {
          status,
          started: stdout
            .split('\n')
            .flatMap((line) => / up -d --no-deps --wait (.*)$/.exec(line)?.[1]?.split(' ') ?? []),
          stdout,
          stderr,
        };
      };
      const forth = run('deploy');
      expect(forth.status).toBe(0);
      const all = deployPlan(tools).tiers.flatMap(({ services }) => services.filter((name) => name !== 'shared'));
      expect(forth.started).toEqual(all);
      expect(run('rollback').status).not.toBe(0);
      const returned = run('rollback', { PREVIOUS_TAG: 'v1' });
      expect(returned.started[0]).toMatch(/^front-/);
      expect(returned.stdout).toContain('v1 compose up');
      expect(returned.stderr).toContain('restore the backup of back-postgres');
      expect(run('sideways').status).toBe(2);
    } finally {
      place.remove();
    }
  });

  it('runs nothing that a contract wrote', () => {
    const place = new ScratchRepository();
    try {
      const evil = `a'; touch ${place.path('ran')}; '$(touch ${place.path('ran')})\`touch ${place.path('ran')}\`\ntouch ${place.path('ran')}`;
      const tier = { tier: 1, services: [evil, '--help'], why: evil };
      const plan = {
        system: evil,
        tiers: [tier],
        rollback: [{ ...tier, keep: [{ service: evil, why: evil }], restore: [{ service: evil, why: evil }] }],
        splits: [],
      };
      place.write({ 'deploy.sh': planScript(plan, new Set()), 'bin/docker': '#!/bin/sh\n' });
      chmodSync(place.path('bin/docker'), 0o755);
      for (const word of ['deploy', 'rollback']) {
        const { status, stderr } = spawnSync('bash', [place.path('deploy.sh'), word], {
          env: { PATH: `${place.path('bin')}:${process.env.PATH}`, PREVIOUS_TAG: 'v1' },
          encoding: 'utf8',
        });
        expect(status, stderr).toBe(0);
      }
      expect(existsSync(place.path('ran'))).toBe(false);
    } finally {
      place.remove();
    }
  });
});
