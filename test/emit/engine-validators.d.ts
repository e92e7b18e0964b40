// Neither package brings types; these are the parts that the test uses.
declare module 'asl-validator' {
  export default function validate(definition: unknown): { readonly errors: readonly unknown[] };
}
declare module 'bpmn-moddle' {
  export class BpmnModdle {
    fromXML(
      text: string,
    ): Promise<{ readonly warnings: readonly unknown[]; readonly elementsById: Readonly<Record<string, unknown>> }>;
  }
}
