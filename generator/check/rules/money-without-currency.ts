import { payloadFields, typesOf } from '../../model/payload-fields.js';
import type { Rule } from '../rule.js';
import { travellingMessages } from '../travelling.js';
import { quoted } from '../wording.js';

const money =
  /^(amount|price|total|subtotal|gross|net|balance|cost|fee|salary|.*(Amount|Price|Total|Balance|Cost|Fee|Charges?|Salary))$/;

/** Fields of travelling messages that look like money, without a `currency` beside them or beside one of their parents. */
export const moneyWithoutCurrency: Rule = {
  id: 'money-without-currency',
  severity: 'info',
  title: 'An amount travels with its currency.',
  why: 'The receiver assumes a currency. That holds until the first customer abroad, and the ledger then adds euros to dollars.',
  fix: 'Add a `currency` beside the amount.',
  requirements: ['DH-89'],
  *check(model) {
    for (const message of travellingMessages(model)) {
      const { payload } = message.definition;
      if (payload === undefined) continue;
      const bare = payloadFields(model, payload).filter(
        (field) =>
          money.test(field.name) &&
          typesOf(field.schema).some((type) => type === 'integer' || type === 'number') &&
          ![...field.around].some((name) => /currency/i.test(name)),
      );
      const [first] = bare;
      if (first === undefined) continue;
      yield {
        at: model.locate(first.ref),
        message: `message "${message.name}" carries ${quoted(bare.map((field) => field.path))} without a currency.`,
        subject: `message:${message.name}`,
        fix: `add currency: { type: string, pattern: '^[A-Z]{3}$' } beside "${first.path}".`,
      };
    }
  },
};
