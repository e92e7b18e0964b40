import { run } from 'seamwright/runtime';
import { createSensor } from '#generated/alarms/sensor/service.gen.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const sensor = createSensor();

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(sensor);
