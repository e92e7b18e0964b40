import { listening, run } from 'seamwright/runtime';
import { createOrdersServer } from '#generated/commands-jobs-sagas/orders/server.gen.js';
import { createOrders } from '#generated/commands-jobs-sagas/orders/service.gen.js';
import { onReminderSent } from './on-reminder-sent.js';
import { remindCustomersJob } from './remind-customers-job.js';
import { placeOrderSaga } from './place-order-saga.js';
import { agreePricePriceSaga } from './agree-price-price-saga.js';
import { ordersOperations } from './operations.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const orders = createOrders({ handlers: { onReminderSent }, jobs: { remindCustomers: remindCustomersJob }, sagas: { placeOrder: placeOrderSaga, agreePricePrice: agreePricePriceSaga } });

const server = createOrdersServer(ordersOperations(orders), { service: orders, ready: orders.health });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(orders, listening(server));
