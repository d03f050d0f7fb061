/** Files that the browser saves. */

export function save(name: string, text: string, media: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: media }));
	const link = Object.assign(document.createElement('a'), { href: url, download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
