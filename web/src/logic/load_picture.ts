const most = 24;
const loaded: HTMLImageElement[] = [];

/** Fetches a picture that will be shown soon; the last few are held so that they stay decoded. */
export function loadPicture(url: string): void {
  const picture = new Image();
  picture.src = url;
  loaded.push(picture);
  if (loaded.length > most) loaded.shift();
}
