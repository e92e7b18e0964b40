/** What was asked of a fake. */
export interface FakeCall {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** A client that answers as told. `calls` lists what it was asked, oldest first. */
export type FakeClient<Client extends object> = Client & { readonly calls: readonly FakeCall[] };

/**
 * A typed stand-in for a generated client: `fakeClient<AccountsClient>({ getUser: async () => null })`. A method that is not given throws and says so: a test
 * that makes a call it did not mean to must not pass.
 */
export function fakeClient<Client extends object>(answers: Partial<Client>): FakeClient<Client> {
  const calls: FakeCall[] = [];
  return new Proxy(answers, {
    get(target, name) {
      if (name === 'calls') return calls;
      // Awaiting the fake itself, or printing it, asks for names that no client has.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      const answer: unknown = Reflect.get(target, name);
      return (...args: readonly unknown[]) => {
        calls.push({ method: name, args });
        if (typeof answer !== 'function')
          throw new Error(`the fake has no answer for "${name}": pass one to fakeClient`);
        return Reflect.apply(answer, target, args) as unknown;
      };
    },
  }) as FakeClient<Client>;
}
