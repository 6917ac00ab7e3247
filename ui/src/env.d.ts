/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Whether this build is for a plain browser: set by Vite's mode, and false in the app. */
declare const __IN_BROWSER__: boolean;
