export interface DroppedFile {
  /** With the folders it was dropped in: "day1/IMG_1.jpg". */
  name: string;
  file: File;
}

const wanted = /\.(jpe?g|png|tiff?|webp|bmp|zip|tar|tgz|tar\.gz)$/i;

/** Photos and archives on one side, everything else on the other. Hidden files are nobody's wish. */
export function sortOut(files: DroppedFile[]): { taken: DroppedFile[]; left: DroppedFile[] } {
  const taken: DroppedFile[] = [];
  const left: DroppedFile[] = [];
  for (const one of files) {
    if (one.name.split('/').some((part) => part.startsWith('.'))) continue;
    (wanted.test(one.name) ? taken : left).push(one);
  }
  return { taken, left };
}

/** What was chosen in a file dialog. */
export function chosenFiles(list: FileList): DroppedFile[] {
  return [...list].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

/** What was dropped, folders with all that is in them. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return chosenFiles(transfer.files);
  const found = await Promise.all(entries.map((entry) => (entry ? walk(entry) : [])));
  return found.flat();
}

async function walk(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ name: entry.fullPath.replace(/^\/+/, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: DroppedFile[] = [];
  for (;;) {
    // A reader gives a hundred entries at a time, and none when it is through.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await walk(one)));
  }
}
