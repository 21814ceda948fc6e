import { ref } from 'vue';

import type { CropKind } from '@/api/fins';

const kind = ref<CropKind>('photo');
const hasOutline = ref(false);

/** How the pictures of the review are shown: as chosen last, whatever the queue. */
export const useLook = () => ({ kind, hasOutline });
