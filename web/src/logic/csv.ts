/**
 * RFC 4180. What a spreadsheet would take for a formula is kept as text by an apostrophe; negative
 * numbers are no formulas.
 */
export function toCsv(rows: string[][]): string {
  return rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

function cell(value: string): string {
  const isNumber = value !== '' && Number.isFinite(Number(value));
  const safe = /^[=+\-@\t\r]/.test(value) && !isNumber ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
