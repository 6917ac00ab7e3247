import type { ApiAnswer } from "../generated/ApiAnswer";
import type { ApiCall } from "../generated/ApiCall";
import type { Problem } from "../generated/Problem";
import { problem } from "./problems";

const refusals: Record<string, Problem> = {
  "/offline": problem("offline", "127.0.0.1:4181 cannot be reached.", "Check the network connection, VPN and proxy, then try again."),
  "/ended": problem("session_ended", "The provider no longer accepts the session.", "Sign in again."),
};

export const cancelledCall = problem(
  "cancelled",
  "You cancelled the call.",
  "The API may have acted on it already. Send it again when you are ready.",
);

const bodies: Record<string, () => unknown> = {
  "/api/me": () => ({ subject: "upstream|ada", name: "Ada Moreno", email: "ada@example.com", scopes: ["openid", "profile", "email"] }),
  "/api/v1/projects": () => ({ projects: [{ id: "flights", name: "Flights" }, { id: "weather", name: "Weather" }] }),
  "/api/v1/workflows": () => ({ workflows: [{ id: "delays.weekly", project: "flights", version: 7 }] }),
  "/api/v1/executions": () => ({ id: "f3c1", phase: "QUEUED", workflow: "delays.weekly" }),
  "/large": () => Array.from({ length: 40_000 }, (_, id) => ({ id, name: `Row ${id}`, note: "x".repeat(60), done: id % 3 === 0 })),
  "/many": () => Array.from({ length: 2_500_000 }, () => 0),
  "/line": () => "y".repeat(5_000_000),
  "/hostile": () => ({ "<img src=x onerror=alert(1)>": "<script>document.title='owned'</script>\u202eevil", number: 1 }),
};

/** What the protected API of the browser backend answers. */
export function answer(call: ApiCall): ApiAnswer {
  const path = call.path.replace(/^https?:\/\/[^/]+/, "").replace(/\?.*$/, "");
  const refusal = refusals[path];
  if (refusal) throw refusal;
  if (path === "/binary") return reply(200, "image/png", "", 20_480);
  if (path === "/text") return reply(200, "text/plain", "Plain text,\nas it came.\n");
  if (path === "/empty") return reply(204, "", "");
  if (path === "/forbidden") return reply(403, "application/json", '{"error":"insufficient_scope","scope":"write:notes"}');
  const made = bodies[path];
  if (!made) return reply(404, "application/json", '{"error":"not_found"}');
  return reply(call.method === "POST" ? 201 : 200, "application/json", JSON.stringify(made()));
}

function reply(status: number, type: string, body: string, binary = 0): ApiAnswer {
  const headers: [string, string][] = [["cache-control", "no-store"], ["date", "Sun, 22 Nov 2026 13:38:10 GMT"]];
  if (type) headers.unshift(["content-type", type]);
  const size = binary || new TextEncoder().encode(body).length;
  return { status, headers, body, binary: binary > 0, size, millis: 38 };
}
