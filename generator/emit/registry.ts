import type { Emitter } from './emitter.js';
import { constants } from './outputs/constants.js';
import { consumers } from './outputs/consumers.js';
import { documentIndex } from './outputs/document-index.js';
import { eventTable } from './outputs/event-table.js';
import { fieldMatrix } from './outputs/field-matrix.js';
import { flowDiagrams } from './outputs/flow-diagrams.js';
import { fullSync } from './outputs/full-sync.js';
import { httpClients } from './outputs/http-clients.js';
import { httpOperations } from './outputs/http-operations.js';
import { httpServer } from './outputs/http-server.js';
import { httpTable } from './outputs/http-table.js';
import { jobs } from './outputs/jobs.js';
import { kafkaTopicsOutput } from './outputs/kafka-topics.js';
import { meshAppMesh } from './outputs/mesh-app-mesh.js';
import { meshConsul } from './outputs/mesh-consul.js';
import { meshIstio } from './outputs/mesh-istio.js';
import { meshKong } from './outputs/mesh-kong.js';
import { meshLinkerd } from './outputs/mesh-linkerd.js';
import { messageDefinitions } from './outputs/message-definitions.js';
import { moduleMarker } from './outputs/module-marker.js';
import { natsStreamsOutput } from './outputs/nats-streams.js';
import { ownershipMatrix } from './outputs/ownership-matrix.js';
import { pacts } from './outputs/pacts.js';
import { producers } from './outputs/producers.js';
import { rabbitmqDefinitionsOutput } from './outputs/rabbitmq-definitions.js';
import { redisAcl } from './outputs/redis-acl.js';
import { sagaPages } from './outputs/saga-pages.js';
import { sagaProcesses } from './outputs/saga-processes.js';
import { sagaStateMachines } from './outputs/saga-state-machines.js';
import { sagas } from './outputs/sagas.js';
import { schemaSqlOutput } from './outputs/schema-sql.js';
import { service } from './outputs/service.js';
import { serviceMap } from './outputs/service-map.js';
import { skeletons } from './outputs/skeletons.js';
import { systemManifest } from './outputs/system-manifest.js';
import { terraformAws } from './outputs/terraform-aws.js';
import { terraformGoogle } from './outputs/terraform-google.js';
import { topology } from './outputs/topology.js';

/** Every kind of output, in the order in which they are planned. One import and one line each. */
export const emitters: readonly Emitter[] = [
  constants,
  messageDefinitions,
  producers,
  consumers,
  jobs,
  sagas,
  httpOperations,
  httpClients,
  httpServer,
  service,
  fullSync,
  skeletons,
  documentIndex,
  serviceMap,
  ownershipMatrix,
  eventTable,
  fieldMatrix,
  httpTable,
  flowDiagrams,
  sagaPages,
  sagaStateMachines,
  sagaProcesses,
  schemaSqlOutput,
  topology,
  rabbitmqDefinitionsOutput,
  kafkaTopicsOutput,
  natsStreamsOutput,
  redisAcl,
  terraformAws,
  terraformGoogle,
  meshIstio,
  meshLinkerd,
  meshConsul,
  meshAppMesh,
  meshKong,
  pacts,
  systemManifest,
  moduleMarker,
];
