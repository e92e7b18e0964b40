import type { Emitter } from './emitter.js';
import { consumers } from './outputs/consumers.js';
import { httpClients } from './outputs/http-clients.js';
import { httpOperations } from './outputs/http-operations.js';
import { httpServer } from './outputs/http-server.js';
import { messageDefinitions } from './outputs/message-definitions.js';
import { moduleMarker } from './outputs/module-marker.js';
import { producers } from './outputs/producers.js';
import { service } from './outputs/service.js';
import { skeletons } from './outputs/skeletons.js';
import { systemManifest } from './outputs/system-manifest.js';

/** Every kind of output, in the order in which they are planned. One import and one line each. */
export const emitters: readonly Emitter[] = [
  messageDefinitions,
  producers,
  consumers,
  httpOperations,
  httpClients,
  httpServer,
  service,
  skeletons,
  systemManifest,
  moduleMarker,
];
