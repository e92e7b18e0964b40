import { element, type Xml } from './xml.js';

/** A node of a process with its place in the diagram, in pixels. */
export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly xml: Xml;
}

interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Diagram interchange of a process: without it editors show nothing. */
export function diagramOf(
  process: string,
  nodes: readonly Placed[],
  flows: readonly Line[],
  associations: readonly Line[],
): Xml {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edge = (line: Line): readonly Xml[] => {
    const [from, to] = [byId.get(line.from), byId.get(line.to)];
    if (from === undefined || to === undefined) return [];
    const points = waypoints(from, to).map(([x, y]) => element('di:waypoint', { x: String(x), y: String(y) }));
    return [element('bpmndi:BPMNEdge', { id: `${line.id}_di`, bpmnElement: line.id }, points)];
  };
  return element('bpmndi:BPMNDiagram', { id: 'diagram' }, [
    element('bpmndi:BPMNPlane', { id: 'plane', bpmnElement: process }, [
      ...nodes.map((node) => {
        const bounds = { x: String(node.x), y: String(node.y), width: String(node.width), height: String(node.height) };
        return element('bpmndi:BPMNShape', { id: `${node.id}_di`, bpmnElement: node.id }, [
          element('dc:Bounds', bounds),
        ]);
      }),
      ...[...flows, ...associations].flatMap(edge),
    ]),
  ]);
}

type Point = readonly [x: number, y: number];

/** Straight where both lie on one line, else with one corner. */
function waypoints(from: Placed, to: Placed): readonly Point[] {
  const [a, b] = [centre(from), centre(to)];
  if (Math.abs(a[1] - b[1]) < 5)
    return [
      [from.x + from.width, a[1]],
      [to.x, b[1]],
    ];
  const leaves: Point = [a[0], b[1] < a[1] ? from.y : from.y + from.height];
  if (Math.abs(a[0] - b[0]) < 5) return [leaves, [b[0], b[1] < a[1] ? to.y + to.height : to.y]];
  return [leaves, [a[0], b[1]], [b[0] > a[0] ? to.x : to.x + to.width, b[1]]];
}

function centre({ x, y, width, height }: Placed): Point {
  return [x + width / 2, y + height / 2];
}
