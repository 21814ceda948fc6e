/** Points in the plane, sorted into cells so that the nearest one is found without a search. */
export class PointGrid {
  private readonly numCells: number;
  private readonly starts: Uint32Array;
  private readonly order: Uint32Array;
  private readonly low: [number, number];
  private readonly size: [number, number];

  /** @param xy x and y of one point after the other */
  constructor(readonly xy: Float32Array) {
    const n = xy.length / 2;
    this.numCells = Math.max(1, Math.min(1024, Math.floor(Math.sqrt(n / 4))));
    const box = bounds(xy);
    this.low = [box.left, box.top];
    this.size = [box.right - box.left || 1, box.bottom - box.top || 1];
    this.starts = new Uint32Array(this.numCells ** 2 + 1);
    const cells = new Uint32Array(n);
    for (let i = 0; i < n; ++i) {
      const cell = this.cellOf(xy[2 * i] as number, xy[2 * i + 1] as number);
      cells[i] = cell;
      this.starts[cell + 1]!++;
    }
    for (let c = 1; c < this.starts.length; ++c) this.starts[c]! += this.starts[c - 1]!;
    this.order = new Uint32Array(n);
    const next = this.starts.slice();
    for (let i = 0; i < n; ++i) this.order[next[cells[i]!]!++] = i;
  }

  private column(value: number, axis: 0 | 1): number {
    const cell = Math.floor(((value - this.low[axis]) / this.size[axis]) * this.numCells);
    return Math.max(0, Math.min(this.numCells - 1, cell));
  }

  private cellOf(x: number, y: number): number {
    return this.column(y, 1) * this.numCells + this.column(x, 0);
  }

  /** The points within a rectangle; where there are more than `most`, one more than that. */
  inBox(left: number, top: number, right: number, bottom: number, most = Infinity): number[] {
    const found: number[] = [];
    for (let row = this.column(top, 1); row <= this.column(bottom, 1); ++row) {
      for (let col = this.column(left, 0); col <= this.column(right, 0); ++col) {
        const cell = row * this.numCells + col;
        for (let k = this.starts[cell]!; k < this.starts[cell + 1]!; ++k) {
          const i = this.order[k]!;
          const [x, y] = [this.xy[2 * i]!, this.xy[2 * i + 1]!];
          if (x >= left && x <= right && y >= top && y <= bottom) found.push(i);
        }
        if (found.length > most) return found.slice(0, most + 1);
      }
    }
    return found;
  }

  /** The point nearest to (x, y) within a radius; -1 if there is none. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let least = radius * radius;
    for (const i of this.inBox(x - radius, y - radius, x + radius, y + radius)) {
      const distance = (this.xy[2 * i]! - x) ** 2 + (this.xy[2 * i + 1]! - y) ** 2;
      if (distance <= least) [best, least] = [i, distance];
    }
    return best;
  }

  /** The points within a closed line of x and y. */
  inLasso(line: [number, number][]): number[] {
    if (line.length < 3) return [];
    const xs = line.map((p) => p[0]);
    const ys = line.map((p) => p[1]);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
    return this.inBox(...box).filter((i) => isInside(this.xy[2 * i]!, this.xy[2 * i + 1]!, line));
  }
}

function isInside(x: number, y: number, line: [number, number][]): boolean {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [xi, yi] = line[i]!;
    const [xj, yj] = line[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

export function bounds(xy: Float32Array) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    left = Math.min(left, xy[i]!);
    right = Math.max(right, xy[i]!);
    top = Math.min(top, xy[i + 1]!);
    bottom = Math.max(bottom, xy[i + 1]!);
  }
  return { left, top, right, bottom };
}
