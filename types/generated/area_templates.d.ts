/** The templates, made by companion/offline/translate.py. */
export function render(name: string, context: object, env: object): string;
export function renderBlock(name: string, block: string, context: object, env: object): string;
