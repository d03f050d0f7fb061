/** Tables on the screen. */

/** Columns aligned, the first `left` + 1 of them to the left, under a line. */
export function table(rows: string[][], left = 0): string {
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
	const align = (cell: string, column: number) =>
		column <= left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
	const lines = rows.map((row) => row.map(align).join('  ').trimEnd());
	const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
	return [lines[0], rule, ...lines.slice(1)].join('\n');
}
