import { useQuery } from '@tanstack/vue-query';

import { codesQuery } from '@/api/codes';
import { encountersQuery } from '@/api/encounters';
import type { ColorBy } from '@/logic/map_colors';
import { t, tName } from '@/texts';

/** What a person calls what the map is coloured by. */
export function useKeyNames() {
  const { data: codes } = useQuery(codesQuery);
  const { data: encounters } = useQuery(encountersQuery);

  return (by: ColorBy, key: string): string => {
    if (key === '') return t('map.unknown');
    if (by === 'individual') return codes.value?.get(Number(key)) ?? key;
    if (by === 'encounter') {
      return encounters.value?.rows.find((one) => one.id === Number(key))?.code ?? key;
    }
    if (by === 'tier') return tName('tier', key);
    if (by === 'review') return tName('reviewed', key);
    if (by === 'quality') return `${Number(key) * 20}–${Number(key) * 20 + 20} %`;
    return t('map.cluster', { key });
  };
}
