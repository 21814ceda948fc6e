import { computed, ref, watch } from 'vue';

import {
  archiveFiles,
  type Area,
  copyFile,
  type Entry,
  extractFile,
  makeFolder,
  moveFile,
  restoreFiles,
  sortFiles,
  trashFiles,
} from '@/api/files';
import { addTask } from '@/api/tasks';
import { folderOf, freePath } from '@/logic/formats';
import { t } from '@/texts';

import { useNotices } from './useNotices';

type Asked = 'move' | 'copy' | 'archive' | 'extract' | 'sort';

interface Place {
  area: () => Area;
  path: () => string;
  entries: () => Entry[];
  taken: () => string[];
  done: () => void;
}

/** What can be done with files; `asked` waits for a person to say where to. */
export function useFileActions({ area, path, entries, taken, done }: Place) {
  const notices = useNotices();
  const asked = ref<Asked | null>(null);
  const toArea = ref<Area>(area());
  watch(asked, (what) => (toArea.value = what === 'sort' ? 'outputs' : area()));
  const under = (name: string) => (path() ? `${path()}/${name}` : name);
  const paths = () => entries().map((one) => one.path);

  const suggestion = computed(() => {
    const one = entries()[0];
    if (!one || !asked.value) return '';
    const stem = one.name.replace(/(\.tar)?\.[^.]+$/, '');
    const folder = folderOf(one.path);
    const beside = (name: string, end = '') => {
      const place = folder ? `${folder}/${name}` : name;
      return freePath(place, end, taken());
    };
    const names = {
      move: entries().length === 1 ? one.path : path() || '/',
      copy: beside(`${stem} copy`, one.name.slice(stem.length)),
      archive: beside(stem, '.zip'),
      extract: beside(stem),
      sort: `${stem}-sorted`,
    };
    return names[asked.value];
  });

  async function run(work: () => Promise<unknown>, text: string): Promise<void> {
    try {
      await work();
      notices.say(text);
      done();
    } catch (error) {
      notices.fail(error);
    }
  }

  /** One file or folder gets the name given; several go into the folder given. */
  async function moveTo(to: string, to_area: Area): Promise<void> {
    const moved = entries();
    const folder = to.replace(/^\/+|\/+$/g, '');
    for (const one of moved) {
      const place = moved.length === 1 ? to : [folder, one.name].filter(Boolean).join('/');
      await moveFile(area(), { path: one.path, to: place, to_area });
    }
  }

  function answer(to: string): void {
    const [what, one] = [asked.value, entries()[0]];
    const to_area = toArea.value;
    asked.value = null;
    if (!one) return;
    const target = { path: one.path, to, to_area };
    if (what === 'move') void run(() => moveTo(to, to_area), t('files.moved', { to }));
    if (what === 'copy') void run(() => copyFile(area(), target), t('files.started'));
    if (what === 'extract') void run(() => extractFile(area(), target), t('files.started'));
    if (what === 'sort')
      void run(() => sortFiles(area(), one.path, 'class', to, to_area), t('files.started'));
    if (what === 'archive')
      void run(() => archiveFiles(area(), paths(), to, to_area), t('files.started'));
  }

  async function trash(): Promise<void> {
    if (entries().length === 0) return;
    try {
      const { rows } = await trashFiles(area(), paths());
      const back = () =>
        void restoreFiles(
          area(),
          rows.map((one) => one.id),
        ).then(() => done(), notices.fail);
      notices.say(t('files.trashed', { n: rows.length }), { text: t('act.undo'), run: back });
      done();
    } catch (error) {
      notices.fail(error);
    }
  }

  const identify = () =>
    run(
      () =>
        addTask({
          kind: 'import',
          input: { files: paths().map((one) => `${area()}/${one}`) },
          then: ['find', 'identify'],
        }),
      t('files.importing'),
    );
  const newFolder = (name: string) =>
    run(() => makeFolder(area(), under(name)), t('files.made', { name }));

  return { asked, toArea, suggestion, answer, trash, identify, newFolder };
}
