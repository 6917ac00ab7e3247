import type { Problem } from "../generated/Problem";

/** A problem of the browser backend, as the program's own commands reject with. */
export function problem(code: string, message: string, hint: string, field: string | null = null): Problem {
  return { code, message, hint, field };
}
