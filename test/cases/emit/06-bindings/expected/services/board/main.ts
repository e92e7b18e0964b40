import { run } from 'seamwright/runtime';
import { createBoard } from '#generated/alarms/board/service.gen.js';
import { onTemperatureRead } from './on-temperature-read.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const board = createBoard({ handlers: { onTemperatureRead } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(board);
