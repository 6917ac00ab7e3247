import type { ProfileView } from "../generated/ProfileView";

const templates = [
  { title: "Who am I", method: "GET", path: "/api/me", body: null },
  { title: "List projects", method: "GET", path: "/api/v1/projects", body: null },
  { title: "List workflows", method: "GET", path: "/api/v1/workflows", body: null },
  {
    title: "Start an execution",
    method: "POST",
    path: "/api/v1/executions",
    body: '{\n  "project": "flights",\n  "workflow": "delays.weekly"\n}',
  },
];

/** The profiles of the browser backend: one that works, one with little, and one whose sign-in is refused. */
export const profiles: ProfileView[] = [
  {
    name: "demo",
    provider: "Demo provider",
    issuer: "http://127.0.0.1:4180",
    api: ["http://127.0.0.1:4181"],
    demo: true,
    templates,
  },
  {
    name: "flyte-staging",
    provider: "acme.okta.example",
    issuer: "https://acme.okta.example/oauth2/default",
    api: ["https://flyte.acme.example"],
    demo: false,
    templates: [],
  },
  {
    name: "orders",
    provider: "login.contoso.example",
    issuer: "https://login.contoso.example/tenant/v2.0",
    api: ["https://orders.contoso.example/v2"],
    demo: false,
    templates: [{ title: "Open orders", method: "GET", path: "/orders?state=open", body: null }],
  },
];
