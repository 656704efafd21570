/** The console's picture: two sides joined. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#8a1c1c"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"><path d="M14 11h-3a5 5 0 0 0 0 10h3"/><path d="M18 11h3a5 5 0 0 1 0 10h-3"/><path d="M12.5 16h7"/></g></svg>`;
