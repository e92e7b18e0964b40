import type { FlowHands } from 'seamwright/harness';
import type { Role } from './roles.js';

/** Somebody who is registered and signed in, in a flow. */
export interface SignedIn {
  readonly id: string;
  /** Access token. */
  readonly token: string;
}

const password = 'correct horse battery';

/** Somebody new; `name` makes the address. */
export async function register(hands: FlowHands, name: string) {
  const body = { email: `${name}@mail.example`, password, name };
  const registered = await hands.call('back-gateway.registerUser', { body, idempotencyKey: hands.id('Key', name) });
  await hands.settle();
  return { ...registered, credentials: { email: body.email, password } };
}

/** Somebody with a role, signed in. Who is the first administrator, no contract says. */
export async function personOf(hands: FlowHands, role: Role): Promise<SignedIn> {
  const { body, credentials } = await register(hands, role);
  const { id } = body as { readonly id: string };
  await hands
    .service('back-postgres')
    .transaction((tx) => tx.query('update users set role = $2 where id = $1', [id, role]));
  const signedIn = await hands.call('back-auth.login', { body: credentials });
  const { access_token: token } = signedIn.body as { readonly access_token: string };
  return { id, token };
}
