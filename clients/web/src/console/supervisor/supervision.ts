/** What supervisors may halt, and how it is said. */
import type { Calls } from '@hanse/sdk/chain';
import { t } from '../../shared/words.svelte.ts';
import { desk, nameOf } from '../console.svelte.ts';

export type Target = Calls['Supervision']['halt']['target'];

export function targetName({ type, value }: Target): string {
	if (type === 'Institution') return t('target-institution', { name: nameOf(value) });
	if (type === 'Program') return t('target-program', { name: desk.directory?.programs.get(value)?.name ?? `${value}` });
	return t('target-customer', { name: value });
}
