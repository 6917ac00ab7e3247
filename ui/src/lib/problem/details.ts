import { createContext } from "svelte";
import type { Problem } from "../backend/generated/Problem";

/** How a problem's details get to the clipboard, wherever in the window it is shown. */
export interface Details {
  /** Says whether that worked. */
  copy: (problem: Problem) => Promise<boolean>;
  say: (text: string) => void;
}

export const [details, provideDetails] = createContext<Details>();
