/** What companion/offline/release.py says of a release. */
export const release: string;
export const shell: string[];
export const area: string[];
export const floor: string[];
export const headers: Record<string, string>;
export const base_url: string;
export const languages: string[];
