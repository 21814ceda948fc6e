import type { Point } from '@/logic/outline';

/** The place of a pointer in an SVG's own coordinates, whatever transforms lie between. */
export function svgPoint(svg: SVGSVGElement, event: PointerEvent | MouseEvent): Point {
  const matrix = svg.getScreenCTM();
  if (!matrix) return { x: 0, y: 0 };
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x: point.x, y: point.y };
}
