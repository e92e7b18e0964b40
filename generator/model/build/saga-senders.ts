import type { Command, Saga, SagaAction } from '../types.js';

/** Commands with everyone who sends them: those that the contract names, and the services whose sagas do. */
export function withSagaSenders(
  commands: ReadonlyMap<string, Command>,
  sagas: ReadonlyMap<string, Saga>,
): Map<string, Command> {
  const sent = [...sagas.values()].flatMap(sendsOf);
  return new Map(
    [...commands].map(([name, command]) => {
      const inferred = sent.filter((each) => each.command === name).map(({ service }) => service);
      return [name, { ...command, senders: [...new Set([...command.senders, ...inferred])] }];
    }),
  );
}

function sendsOf({ style, orchestrator, steps, onComplete, onCompensated }: Saga) {
  const isLed = style === 'orchestration';
  const stepSends = steps.flatMap(({ service, action, compensate }) => {
    const by = isLed ? orchestrator : (service ?? orchestrator);
    return sends(by, action, compensate?.action);
  });
  return [...stepSends, ...(isLed ? sends(orchestrator, onComplete?.action, onCompensated?.action) : [])];
}

function sends(service: string | undefined, ...actions: readonly (SagaAction | undefined)[]) {
  return actions.flatMap((action) =>
    service !== undefined && action?.kind === 'send' ? [{ service, command: action.name }] : [],
  );
}
