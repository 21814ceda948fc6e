import en from './en.json';

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

export type TextKey = Paths<typeof en>;

const formats = new Map<string, Intl.NumberFormat>();

function number(value: number): string {
  let format = formats.get(language);
  if (!format) formats.set(language, (format = new Intl.NumberFormat(language)));
  return format.format(value);
}

let language = 'en';
let texts: unknown = en;

/** Another language: an object shaped like en.json; what it lacks stays English. */
export function setLanguage(name: string, table: unknown): void {
  language = name;
  texts = table;
}

function find(table: unknown, key: string): string | undefined {
  let here = table;
  for (const part of key.split('.')) here = (here as Record<string, unknown> | undefined)?.[part];
  return typeof here === 'string' ? here : undefined;
}

/**
 * The text of a key. `{name}` is replaced by the value; `{n|fin|fins}` by "1 fin", "2 fins";
 * numbers are grouped as the language does.
 */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const text = find(texts, key) ?? find(en, key) ?? key;
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    const value = values[name];
    if (value === undefined) return whole;
    const shown = typeof value === 'number' ? number(value) : value;
    return one === undefined ? shown : `${shown} ${value === 1 ? one : many}`;
  });
}

/** For values the server names, such as states: the text, or the name itself. */
export function tName(group: string, name: string): string {
  return find(texts, `${group}.${name}`) ?? find(en, `${group}.${name}`) ?? name;
}

/** Such values as the items of a list to choose from. */
export const tChoices = <Value extends string>(group: string, values: readonly Value[]) =>
  values.map((value) => ({ value, title: tName(group, value) }));
