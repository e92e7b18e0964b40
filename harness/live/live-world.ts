import type { Broker, Queue } from '../../runtime/brokers/broker.js';
import { queuesOf } from '../../runtime/service-queue.js';
import type { Subject } from '../subject.js';
import type { Cast } from './cast.js';
import type { RunSettings } from './run-settings.js';
import type { ScratchBroker } from './scratch-broker.js';
import type { ServiceProcess } from './service-process.js';
import type { Stage } from './stage.js';
import type { TcpProxy } from './tcp-proxy.js';

/** A service under test on real servers, with everybody around it. */
export interface LiveWorld {
  readonly subject: Subject;
  readonly settings: RunSettings;
  readonly process: ServiceProcess;
  /** Base URL of the service under test, through its line. */
  readonly url: string;
  readonly cast: Cast;
  /** Connection of who looks on; it is never cut. */
  readonly broker: Broker;
  readonly scratch: ScratchBroker;
  /** Line between the service under test and the broker. */
  readonly line: TcpProxy;
  /** Whether the service keeps its data in a database of ours. */
  readonly hasStore: boolean;
  /** The plan that is being played. */
  stage: Stage | undefined;
}

/** Queues of the messages of a service; none when it takes none. */
export function queuesIn(subject: Subject, service: string): readonly Queue[] {
  const definition = subject.services.get(service)?.definition;
  return definition === undefined ? [] : queuesOf(definition);
}
