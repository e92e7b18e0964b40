import { RejectMessageError } from 'seamwright/runtime';
import type { CommonTransaction } from '#generated/dhanman/common/producers.gen.js';

/** One change of a customer's balance. */
export interface BalanceMovement {
  /** Id of what caused it, such as a payment; each cause moves a balance once. */
  readonly cause: string;
  readonly customerId: string;
  /** Minor units of `currency`; negative when the customer has paid. */
  readonly amountDelta: number;
  readonly currency: string;
}

/**
 * Takes a movement down, once per cause, whichever way it comes: by the event of a payment or by a request for the same payment. Rejects with
 * `RejectMessageError` when this cause has moved another balance or by another amount.
 */
export async function moveBalance(tx: CommonTransaction, movement: BalanceMovement): Promise<void> {
  const { cause, customerId, amountDelta, currency } = movement;
  const values = [cause, customerId, amountDelta, currency];
  await tx.query(
    `insert into balance_movements (cause, customer_id, amount_delta, currency) values ($1, $2, $3, $4)
     on conflict (cause) do nothing`,
    values,
  );
  const others = await tx.query(
    'select cause from balance_movements where cause = $1 and not (customer_id = $2 and amount_delta = $3 and currency = $4)',
    values,
  );
  if (others.length > 0) throw new RejectMessageError(`${cause} has moved a balance with other figures`);
}
