import type { CheckRequest, PlacedFile } from "./messages.ts";

type Bundle = CheckRequest["bundle"];

/** The bundle among what was dropped: one zip, or one folder; undefined when it is neither. */
export async function bundleOfDrop(transfer: DataTransfer): Promise<Bundle | undefined> {
  // The list is emptied as soon as the event is over, so it is read before anything is waited for.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const [file] = transfer.files;
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined || entry === null) return undefined;
  if (entry.isDirectory) return { folder: await filesIn(entry as FileSystemDirectoryEntry, "") };
  return file === undefined ? undefined : { zip: file };
}

/** The bundle that was chosen with the folder button. */
export function bundleOfFolder(files: FileList): Bundle {
  // `cnd_1/originals/clip.mp4`: the first part is the folder's own name.
  const place = ({ webkitRelativePath: path }: File) => path.slice(path.indexOf("/") + 1);
  return { folder: [...files].map((file) => ({ path: place(file), file })) };
}

async function filesIn(folder: FileSystemDirectoryEntry, prefix: string): Promise<PlacedFile[]> {
  const reader = folder.createReader();
  const found: PlacedFile[] = [];
  for (;;) {
    // It gives a hundred at a time, and none when there are no more.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return found;
    for (const entry of batch) {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory) found.push(...(await filesIn(entry as FileSystemDirectoryEntry, `${path}/`)));
      else found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
