import type { Problem } from "./generated/Problem";

/** Makes a problem of whatever a command rejected with: Tauri itself rejects with plain text. */
export function asProblem(reason: unknown): Problem {
  if (isProblem(reason)) return reason;
  return {
    code: "internal",
    message: "Doorkey's window and the program behind it did not understand each other.",
    hint: "Quit Doorkey and start it again. If it happens again, report it.",
    field: null,
  };
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, hint } = value as Record<string, unknown>;
  return typeof code === "string" && typeof message === "string" && typeof hint === "string";
}
