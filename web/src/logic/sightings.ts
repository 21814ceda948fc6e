import type { Encounter } from '@/api/encounters';
import type { Fin } from '@/api/fins';

export interface Sighting {
  key: string;
  encounter: Encounter | undefined;
  title: string;
  when: string;
  fins: Fin[];
}

/** An individual's fins by encounter, or by day where there is none; newest first. */
export function sightingsOf(fins: Fin[], encounters: Encounter[]): Sighting[] {
  const byId = new Map(encounters.map((one) => [one.id, one]));
  const groups = new Map<string, Sighting>();
  for (const fin of fins) {
    const encounter = fin.encounter === null ? undefined : byId.get(fin.encounter);
    const key =
      fin.encounter === null ? `day ${fin.taken.slice(0, 10)}` : `encounter ${fin.encounter}`;
    let group = groups.get(key);
    if (!group) {
      const title = encounter ? [encounter.code, encounter.place].filter(Boolean).join(' · ') : '';
      group = { key, encounter, title, when: encounter?.began || fin.taken, fins: [] };
      groups.set(key, group);
    }
    group.fins.push(fin);
  }
  return [...groups.values()].sort((a, b) => b.when.localeCompare(a.when));
}
