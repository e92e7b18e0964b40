/** An AsyncAPI 3.0 document of `count` messages: each an object with nested objects, lists, enums and references, as documents of that size have them. */
export function asyncapiDocument(count: number): string {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
channels:
${numbers.map((n) => `  order${n}:\n    address: shop.order-${n}\n    messages:\n      Order${n}Changed: { $ref: '#/components/messages/Order${n}Changed' }\n`).join('')}operations:
${numbers.map((n) => `  sendOrder${n}: { action: send, channel: { $ref: '#/channels/order${n}' } }\n`).join('')}components:
  messages:
${numbers.map((n) => `    Order${n}Changed: { contentType: application/json, payload: { $ref: '#/components/schemas/Order${n}' } }\n`).join('')}  schemas:
${numbers.map(orderSchema).join('')}${sharedSchemas('    ')}`;
}

/** An OpenAPI 3.1 document of `count` operations over schemas of the same kind. */
export function openapiDocument(count: number): string {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
paths:
${numbers.map(pathItem).join('')}components:
  schemas:
${numbers.map(orderSchema).join('')}${sharedSchemas('    ')}`;
}

function orderSchema(n: number): string {
  return `    Order${n}:
      type: object
      required: [id, status, total, lines, customer]
      properties:
        id: { type: string, format: uuid, description: Number of the order ${n}. }
        status: { type: string, enum: [open, paid, shipped, returned] }
        total: { $ref: '#/components/schemas/Money' }
        placedAt: { type: string, format: date-time }
        note: { type: [string, 'null'], maxLength: 500 }
        lines: { type: array, items: { $ref: '#/components/schemas/Line' } }
        customer:
          type: object
          required: [id]
          properties:
            id: { type: string }
            email: { type: string, format: email }
            address: { $ref: '#/components/schemas/Address' }
        tags: { type: array, items: { type: string } }
        weight${n}: { type: number, minimum: 0 }
`;
}

function pathItem(n: number): string {
  return `  /orders-${n}/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    put:
      operationId: putOrder${n}
      parameters: [{ name: dryRun, in: query, schema: { type: boolean } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Order${n}' } } } }
      responses:
        '200': { description: The order., content: { application/json: { schema: { $ref: '#/components/schemas/Order${n}' } } } }
        '404': { description: There is none. }
`;
}

function sharedSchemas(indent: string): string {
  return [
    'Money: { type: object, required: [amount, currency], properties: { amount: { type: integer }, currency: { type: string, minLength: 3, maxLength: 3 } } }',
    "Line: { type: object, required: [sku, quantity], properties: { sku: { type: string }, quantity: { type: integer, minimum: 1 }, price: { $ref: '#/components/schemas/Money' } } }",
    'Address: { type: object, required: [street, city], properties: { street: { type: string }, city: { type: string }, country: { type: string, enum: [DE, FR, IT, NL] } } }',
  ]
    .map((line) => `${indent}${line}\n`)
    .join('');
}
