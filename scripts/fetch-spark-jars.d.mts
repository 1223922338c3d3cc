/** The folder that holds the jars. */
export function sparkJarsFolder(cacheDir: string): string;
/** Whether exactly these jars are there. */
export function sparkJarsReady(cacheDir: string): boolean;
