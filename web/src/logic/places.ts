interface Position {
  latitude_deg: number;
  longitude_deg: number;
}

export interface GridLine {
  value: number;
  at: number;
  text: string;
}

const kmPerDegree = 111.2;

function steps(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const values: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high; ++at) values.push(at * step);
  return values;
}

const degrees = (value: number, signs: string) =>
  `${Number(Math.abs(value).toFixed(4))}°${value === 0 ? '' : signs[value > 0 ? 0 : 1]}`;

/**
 * A window around places in which a kilometre is as long from north to south as from east to west
 * (equirectangular, true at its middle). Places on both sides of the date line stay together.
 */
export function placeFrame(places: Position[], width: number, height: number) {
  const lats = places.map((one) => one.latitude_deg);
  const raw = places.map((one) => one.longitude_deg);
  const crosses = Math.max(...raw) - Math.min(...raw) > 180;
  const turn = (lon: number) => (crosses && lon < 0 ? lon + 360 : lon);
  const lons = raw.map(turn);

  const lat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const lon = (Math.min(...lons) + Math.max(...lons)) / 2;
  const shrink = Math.max(0.05, Math.cos((lat * Math.PI) / 180));
  const latSpan = Math.max(0.02, (Math.max(...lats) - Math.min(...lats)) * 1.3);
  const lonSpan = Math.max(0.02, (Math.max(...lons) - Math.min(...lons)) * shrink * 1.3);
  const perDegree = Math.min(width / lonSpan, height / latSpan);

  const xOf = (value: number) => width / 2 + (turn(value) - lon) * shrink * perDegree;
  const yOf = (value: number) => height / 2 - (value - lat) * perDegree;
  const lonHalf = width / 2 / (shrink * perDegree);
  const latHalf = height / 2 / perDegree;
  const wrap = (value: number) => (value > 180 ? value - 360 : value);
  const meridians: GridLine[] = steps(lon - lonHalf, lon + lonHalf).map((value) => ({
    value,
    at: width / 2 + (value - lon) * shrink * perDegree,
    text: degrees(wrap(value), 'EW'),
  }));
  const parallels: GridLine[] = steps(lat - latHalf, lat + latHalf).map((value) => ({
    value,
    at: yOf(value),
    text: degrees(value, 'NS'),
  }));

  const goal = (width / 4 / perDegree) * kmPerDegree;
  const power = 10 ** Math.floor(Math.log10(goal));
  const km = power * ([5, 2, 1].find((factor) => factor * power <= goal) ?? 1);
  const text = km >= 1 ? `${km} km` : `${Math.round(km * 1000)} m`;
  return {
    x: (place: Position) => xOf(place.longitude_deg),
    y: (place: Position) => yOf(place.latitude_deg),
    meridians,
    parallels,
    scale: { width: (km / kmPerDegree) * perDegree, text },
  };
}
