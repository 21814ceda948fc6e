/** "97 %"; never 100 % or 0 % of what is not certain: "> 99 %", "< 1 %". */
export function percent(share: number): string {
  if (share >= 1) return '100 %';
  if (share <= 0) return '0 %';
  if (share > 0.995) return '> 99 %';
  if (share < 0.01) return '< 1 %';
  return `${Math.round(share * 100)} %`;
}

/** "3.4 MB". */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** "45 s", "3 min", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ''}`;
}

/** "2012-03-07 14:05": the record's time without seconds. */
export function dateTime(text: string): string {
  return text.slice(0, 16).replace('T', ' ');
}

export const date = (text: string): string => text.slice(0, 10);

/** The last part of a path. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** 36.6123° S, 175.1000° E */
export function position(place: { latitude_deg: number; longitude_deg: number }): string {
  const { latitude_deg: lat, longitude_deg: lon } = place;
  return `${Math.abs(lat).toFixed(4)}° ${lat < 0 ? 'S' : 'N'}, ${Math.abs(lon).toFixed(4)}° ${lon < 0 ? 'W' : 'E'}`;
}

/** `place + end`, or with a number between them if that is taken: "a", ".zip" gives "a 2.zip". */
export function freePath(place: string, end: string, taken: string[]): string {
  for (let n = 1; ; ++n) {
    const path = n === 1 ? place + end : `${place} ${n}${end}`;
    if (!taken.includes(path)) return path;
  }
}
