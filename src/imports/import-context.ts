/** Where sealed lines and findings of an import belong: moved to another import they do not open. */
export const importContext = (tenant: string, id: string): string => `import:${tenant}:${id}`;
