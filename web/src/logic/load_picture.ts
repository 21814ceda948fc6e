/** How many pictures of a strip are seen before it is scrolled. */
export const numEager = 10;

const most = 160;
const loaded = new Map<string, HTMLImageElement>();

/** Fetches a picture that will be shown soon; the last ones are held: shown, they are there at once. */
export function loadPicture(url: string): void {
  const picture = loaded.get(url) ?? new Image();
  if (!picture.src) picture.src = url;
  loaded.delete(url);
  loaded.set(url, picture);
  const oldest = loaded.keys().next().value;
  if (loaded.size > most && oldest) loaded.delete(oldest);
}
