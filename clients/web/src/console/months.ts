/** Months, as people of the chosen language call them. */
import { current } from '../shared/words.svelte.ts';

export const month = (at: number): string => new Intl.DateTimeFormat(current(), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
