import type { PactInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { Subject } from '../../subject.js';
import { type RunningSubject, type RunOptions, runSubject } from '../running-subject.js';

/**
 * The service under test, as new as an interaction needs it: whatever changes it is asked for once. The second time, with the same example again, it would meet what
 * the first one left behind.
 */
export class FreshWorld {
  private started: Promise<RunningSubject> | undefined;
  private changed = new Set<string>();

  constructor(
    private readonly subject: Subject,
    private readonly options: RunOptions,
  ) {}

  async running(): Promise<RunningSubject> {
    this.started ??= runSubject(this.subject, this.options);
    return this.started;
  }

  async runningFor(interaction: PactInteraction | undefined): Promise<RunningSubject> {
    if (interaction?.type === 'Synchronous/HTTP' && !/^(GET|HEAD)$/.test(interaction.request.method)) {
      const asked = interaction.comments?.seamwright?.operation ?? interaction.request.path;
      if (this.changed.has(asked)) await this.stop();
      this.changed.add(asked);
    }
    return this.running();
  }

  async stop(): Promise<void> {
    const running = await this.started?.catch(() => undefined);
    this.started = undefined;
    this.changed = new Set();
    await running?.stop();
  }
}
