/**
 * RFC 4180. What a spreadsheet would take for a formula is kept as text by an apostrophe; negative
 * numbers are no formulas.
 */
export function toCsv(rows: string[][]): string {
  return plainCsv(rows.map((row) => row.map(noFormula)));
}

/** RFC 4180, every value as it is. */
function plainCsv(rows: string[][]): string {
  return rows.map((row) => row.map(quoted).join(',') + '\r\n').join('');
}

function noFormula(value: string): string {
  const isNumber = value !== '' && Number.isFinite(Number(value));
  return /^[=+\-@\t\r]/.test(value) && !isNumber ? `'${value}` : value;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
}

/** The rows of a CSV text, its header first. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A value, quoted or plain, and what ends it.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  pattern.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  for (let isOpen = false; isOpen || pattern.lastIndex < text.length; ) {
    const found = pattern.exec(text);
    if (!found) throw new Error(`The table is damaged after row ${rows.length}.`);
    row.push(found[1]?.replace(/""/g, '"') ?? found[2] ?? '');
    isOpen = found[3] === ',';
    if (isOpen) continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** One value in a column of some rows (as `parseCsv` has them); everything else as it was. */
export function withValue(text: string, rows: string[][], column: string, value: string): string {
  const all = parseCsv(text);
  const at = all[0]?.indexOf(column) ?? -1;
  if (at < 0) throw new Error(`The table has no column "${column}".`);
  const wanted = new Set(rows.map((row) => JSON.stringify(row)));
  for (const row of all.slice(1)) if (wanted.has(JSON.stringify(row))) row[at] = value;
  return plainCsv(all);
}
