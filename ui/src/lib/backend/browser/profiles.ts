import type { ProfileView } from "../generated/ProfileView";
import { problem } from "./problems";

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

/** The profiles of the browser backend: one that works, one whose answer comes by a link, and one whose sign-in is refused. */
export const profiles: ProfileView[] = [
  {
    name: "demo",
    provider: "Demo provider",
    issuer: "http://127.0.0.1:4180",
    api: ["http://127.0.0.1:4181"],
    demo: true,
    stands: "signedOut",
    account: null,
    channel: "loopback",
    offersCode: true,
    unusable: null,
    templates,
  },
  {
    name: "flyte-staging",
    provider: "acme.okta.example",
    issuer: "https://acme.okta.example/oauth2/default",
    api: ["https://flyte.acme.example"],
    demo: false,
    stands: "signedIn",
    account: "Grace Okafor",
    channel: "deepLink",
    offersCode: true,
    unusable: null,
    templates: [],
  },
  {
    name: "orders",
    provider: "login.contoso.example",
    issuer: "https://login.contoso.example/tenant/v2.0",
    api: ["https://orders.contoso.example/v2"],
    demo: false,
    stands: "expired",
    account: "Ada Moreno",
    channel: "loopback",
    offersCode: false,
    unusable: null,
    templates: [{ title: "Open orders", method: "GET", path: "/orders?state=open", body: null }],
  },
];

/** A profile whose file somebody wrote wrongly. */
export const unusable: ProfileView = {
  name: "payroll",
  provider: "payroll.json",
  issuer: "",
  api: [],
  demo: false,
  stands: "unknown",
  account: null,
  channel: "loopback",
  offersCode: false,
  unusable: problem("profile_invalid", "The profile does not say where the provider is: `issuer` is missing.", "Correct the profile and try again.", "issuer"),
  templates: [],
};
