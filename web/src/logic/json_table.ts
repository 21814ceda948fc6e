interface Row {
  /** By column: where its value begins and ends in the text. */
  cells: Map<string, [number, number]>;
  /** Where its closing brace stands. */
  end: number;
}

/** The objects of a valid JSON text that is an array of them. */
function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let [depth, name, begin, last] = [0, null as string | null, -1, 0];
  for (const { 0: mark, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"]/g)) {
    const row = rows.at(-1);
    if (row && depth === 2 && (mark === ',' || mark === '}')) {
      if (name !== null) row.cells.set(name, [begin, last]);
      row.end = index;
      name = null;
    } else if (depth === 2 && name === null) {
      name = JSON.parse(mark) as string;
      begin = -1;
    } else if (begin < 0 && mark !== ':') {
      begin = index;
    }
    if (mark === '{' || mark === '[') ++depth;
    if (mark === '}' || mark === ']') --depth;
    if (mark === '{' && depth === 2) rows.push({ cells: new Map(), end: index });
    last = index + mark.length;
  }
  return rows;
}

/** Whether the server shows the value of a cell so; it writes numbers in its own way. */
function isShown(value: string | undefined, as: string): boolean {
  if (!value) return as === '';
  const own: unknown = JSON.parse(value);
  if (typeof own === 'string') return own === as;
  try {
    return JSON.stringify(own) === JSON.stringify(JSON.parse(as));
  } catch {
    return false; // a text
  }
}

/** Numbers, truth values and null stay such where they stood; all else is text. */
function written(value: string, old: string): string {
  return !old.startsWith('"') && /^(-?\d+(\.\d+)?|true|false|null)$/.test(value)
    ? value
    : JSON.stringify(value);
}

/**
 * One value in a column of some rows (as the server shows them); every other character as it was.
 */
export function withJsonValue(
  text: string,
  rows: string[][],
  column: string,
  value: string,
): string {
  if (!Array.isArray(JSON.parse(text))) {
    throw new Error('Values can be changed in a list of rows; these are labels of another form.');
  }
  const all = rowsOf(text);
  const columns = [...new Set(all.flatMap((row) => [...row.cells.keys()]))];
  if (!columns.includes(column)) throw new Error(`The table has no column "${column}".`);
  let changed = text;
  for (const row of all.reverse()) {
    const values = columns.map((name) => text.slice(...(row.cells.get(name) ?? [0, 0])));
    if (!rows.some((one) => one.every((cell, at) => isShown(values[at], cell)))) continue;
    const cell = row.cells.get(column);
    const [from, to] = cell ?? [row.end, row.end];
    const before = cell ? '' : `${row.cells.size ? ', ' : ''}${JSON.stringify(column)}: `;
    changed =
      changed.slice(0, from) + before + written(value, text.slice(from, to)) + changed.slice(to);
  }
  return changed;
}
