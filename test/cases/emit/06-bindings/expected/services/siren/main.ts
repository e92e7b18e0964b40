import { run } from 'seamwright/runtime';
import { createSiren } from '#generated/alarms/siren/service.gen.js';
import { onAlarmRaised } from './on-alarm-raised.js';
import { onBatteryLow } from './on-battery-low.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const siren = createSiren({ handlers: { onAlarmRaised, onBatteryLow } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(siren);
